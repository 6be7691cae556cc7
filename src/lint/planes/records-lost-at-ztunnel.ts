import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { flag, type MeshCluster } from '../../mesh/mesh.js';
import { attaches } from '../../mesh/policies/attach.js';
import type { AuthorizationPolicy } from '../../mesh/policies/policy.js';
import type { PolicyForms } from '../../mesh/policies/policy-forms.js';
import { type Path, spanIn } from '../../parse/document.js';
import { evenIfShut } from '../causes/opened.js';
import { compare } from '../compare.js';
import { type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import type { PodSite } from '../sites.js';
import { asDecision } from './audits.js';

/** A policy that is to record and not to decide, for ambient pods: istiod keeps it from ztunnel, so it records nothing (§2.2, §7). */
export function recordsLostAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.authorization.values()].flat().flatMap((forms) => {
      const { policy } = forms.http;
      const record = policy.kind === 'AuthorizationPolicy' ? recordOf(policy, at) : undefined;
      if (record === undefined) return [];
      const sites = context.sitesUnder(at, policy.namespace).filter(({ workload }) => {
        return workload.mode.plane === 'ambient' && attaches(forms, { kind: 'ztunnel', workload }, at);
      });
      const evidence = evenIfShut(context, sites, (open, site) => unrecorded(open, forms, site));
      if (evidence === undefined) return [];
      const span = spanIn(policy.object, record.place);
      const parameters = { policy: nameOf(policy), what: record.what };
      return diagnostic('record-lost-at-ztunnel', parameters, span, proofOf(evidence, record.law));
    }),
  );
}

interface RecordKind {
  readonly what: string;
  readonly law: string;
  readonly place: Path;
}

/** A trial reaches ztunnel once a flag says so, which there is from 1.29 on. */
function recordOf({ action, dryRun }: AuthorizationPolicy, at: MeshCluster): RecordKind | undefined {
  if (action === 'AUDIT') {
    const law = 'istiod sends ALLOW and DENY to ztunnel, and nothing else (istio-security §2.2)';
    return { what: 'AUDIT policies', law, place: ['spec', 'action'] };
  }
  const hasFlag = at.cluster.settings.istio.version !== '1.28';
  if (!dryRun || (hasFlag && flag(at, 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY'))) return undefined;
  const law = 'istiod sends no policy on trial to ztunnel unless a flag is set (istio-security §2.2, §7)';
  return { what: 'policies on trial', law, place: ['metadata', 'annotations', 'istio.io/dry-run'] };
}

/** A request that gets in and that the policy is about: it would be refused if the policy decided. */
function unrecorded(context: LintContext, forms: PolicyForms, { plan }: PodSite): Evidence | undefined {
  const decision = asDecision(forms)[plan.lane.payload];
  const meant = withEnforcement(plan, ({ hop, enforcement }) => {
    if (hop.point.kind !== 'ztunnel') return enforcement;
    return { ...enforcement, policies: [...enforcement.policies, decision] };
  });
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, comparison.slips, 'allowed');
}
