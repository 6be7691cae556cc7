import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { peerAuthenticationAt } from '../attach.js';
import type { CompiledPolicy } from '../compiled.js';
import { type PeerScopes, sidecarMode, sidecarScopes } from '../peer-authentication.js';
import type { PeerAuthentication } from '../policy.js';
import { compare } from './compare.js';
import { firstOf, type LintContext, nameOf } from './context.js';
import { evidenceIn, proofOf } from './evidence.js';
import { withEnforcement } from './plans.js';
import type { Site } from './sites.js';

/** Mutual TLS that istiod converts for ambient into something else than it says: a port is open, or shut (§5.4). */
export function peerModesOfAmbient(context: LintContext): readonly Diagnostic[] {
  const ambient = context.sites.filter(({ workload }) => workload.mode.plane === 'ambient');
  const governed = ambient.flatMap((site) => {
    const scopes = scopesAt(site);
    const policy = scopes.workload ?? scopes.namespace ?? scopes.mesh;
    return policy === undefined ? [] : [{ site, scopes, policy }];
  });
  return [...groupBy(governed, ({ policy }) => policy)].flatMap(([policy, sites]) => [
    ...divergence(context, policy, sites, 'slips'),
    ...divergence(context, policy, sites, 'refused'),
  ]);
}

interface Governed {
  readonly site: Site;
  readonly scopes: PeerScopes;
}

function scopesAt({ at, workload }: Site): PeerScopes {
  return sidecarScopes(peerAuthenticationAt('sidecar', workload, at), at.rootNamespace);
}

const laws = {
  slips: 'istiod drops the mesh-wide STRICT here and converts nothing in its place (istio-security §5.4 b, c)',
  refused: 'istiod converts only PERMISSIVE ports into exceptions of an inherited STRICT (istio-security §5.4 a)',
} as const;

function divergence(
  context: LintContext,
  policy: PeerAuthentication,
  governed: readonly Governed[],
  direction: keyof typeof laws,
): readonly Diagnostic[] {
  const found = firstOf(governed, ({ site, scopes }) => {
    const comparison = compare(context, site.plan, planAsWritten(site, scopes, policy));
    const expected = direction === 'slips' ? 'allowed' : 'denied';
    const evidence = evidenceIn(context.mesh, comparison, comparison[direction], expected);
    return evidence && { evidence, site };
  });
  if (found === undefined) return [];
  const { workload, podPort } = found.site;
  const mode = sidecarMode(scopesAt(found.site), podPort);
  const parameters = { policy: nameOf(policy), workload: keyOf(workload), port: podPort, mode };
  const written = policy.ports.some(({ port }) => port === podPort) ? [String(podPort)] : [];
  const span = spanIn(policy.object, ['spec', 'portLevelMtls', ...written], 'key');
  const name = direction === 'slips' ? 'strict-lost-in-ambient' : 'plaintext-lost-in-ambient';
  return [diagnostic(name, parameters, span, proofOf(found.evidence, laws[direction]))];
}

/** The way in if ztunnel did what the modes say: STRICT refuses whoever shows no certificate. */
function planAsWritten({ plan, podPort }: Site, scopes: PeerScopes, policy: PeerAuthentication) {
  const refusal = sidecarMode(scopes, podPort) === 'STRICT' ? [withoutIdentity(policy)] : [];
  return withEnforcement(plan, ({ hop, enforcement }) => {
    if (hop.point.kind !== 'ztunnel') return enforcement;
    const others = enforcement.policies.filter((compiled) => compiled.policy.kind !== 'PeerAuthentication');
    return { ...enforcement, policies: [...refusal, ...others] };
  });
}

function withoutIdentity(policy: PeerAuthentication): CompiledPolicy {
  const place = ['spec', 'mtls'];
  const condition = {
    attribute: 'source.principal',
    field: 'mtls',
    anyOf: [],
    noneOf: [{ kind: 'non-empty' }],
    place,
  } as const;
  const clauses = [{ alternatives: [{ conditions: [condition] }], place }];
  return { policy, action: 'DENY', provider: undefined, rules: [{ clauses, place }], lost: [] };
}
