import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { attaches } from '../../mesh/policies/attach.js';
import type { RequestAuthentication } from '../../mesh/policies/policy.js';
import type { Request } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { evenIfShut } from '../causes/opened.js';
import { compare } from '../compare.js';
import { type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceIn, evidenceOf, proofOf } from '../evidence.js';
import type { Site } from '../sites.js';

/** A RequestAuthentication for ambient pods: ztunnel reads no tokens, and no status says so (§6.2). */
export function tokensUncheckedAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.requestAuthentication.values()].flat().flatMap((policy) => {
      const sites = context.sitesUnder(at, policy.namespace).filter(({ workload }) => {
        return workload.mode.plane === 'ambient' && attaches(policy, { kind: 'ztunnel', workload }, at);
      });
      const evidence = evenIfShut(context, sites, (open, site) => acceptedForgery(open, policy, site));
      if (evidence === undefined) return [];
      const law = 'ztunnel reads no requests, and writes no status that says so (istio-security §6.2)';
      const span = spanIn(policy.object, ['spec', policy.scope.kind === 'selector' ? 'selector' : 'jwtRules'], 'key');
      return diagnostic('token-unchecked-at-ztunnel', { policy: nameOf(policy) }, span, proofOf(evidence, law));
    }),
  );
}

/** A request that gets in with a token that the policy would refuse. */
export function acceptedForgery(
  context: LintContext,
  { rules }: RequestAuthentication,
  { plan }: Pick<Site, 'plan'>,
): Evidence | undefined {
  if (plan.lane.payload !== 'http') return undefined;
  const comparison = compare(context, plan, plan);
  const passing = evidenceIn(context.mesh, comparison, comparison.is.surely, 'allowed')?.request;
  const issuer = rules[0]?.issuer;
  if (passing === undefined || issuer === undefined) return undefined;
  return evidenceOf(context.mesh, withForgedToken(passing, issuer), 'allowed');
}

function withForgedToken(request: Request, issuer: string): Request {
  if (request.payload.kind === 'tcp') return request;
  const token = { issuer, subject: 'anybody', audiences: [], claims: {}, valid: false };
  return { ...request, payload: { ...request.payload, token } };
}
