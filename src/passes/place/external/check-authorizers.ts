import { diagnostic } from '../../../diagnostics/create.js';
import type { Obligation } from '../../../ir/policy-ir.js';
import { type Cluster, keyInMesh, keyOf, type Workload } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** Where rules name several authorizers for one workload, Istio asks none of them and refuses (istio-security §7). */
export function checkAuthorizers(context: PlaceContext): void {
  const first = new Map<string, Obligation>();
  for (const policy of context.ir.destinations) {
    const cluster = context.clusterOf(policy);
    if (asksSeveral(cluster)) continue;
    for (const rule of policy.obligations.filter(({ authorizer }) => authorizer !== undefined))
      for (const workload of policy.destination.workloads) {
        const known = first.get(keyInMesh(workload)) ?? rule;
        first.set(keyInMesh(workload), known);
        if (known.authorizer !== rule.authorizer) reportSecond(context, cluster, workload, known, rule);
      }
  }
}

function asksSeveral({ settings: { istio } }: Cluster): boolean {
  return istio.version >= '1.30' && istio.flags.PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS === true;
}

function reportSecond(
  context: PlaceContext,
  { settings }: Cluster,
  workload: Workload,
  first: Obligation,
  second: Obligation,
): void {
  const parameters = {
    workload: keyOf(workload),
    first: first.authorizer ?? '',
    second: second.authorizer ?? '',
    version: settings.istio.version,
  };
  const notes = [{ message: 'the other rule is here', span: first.origin.span }];
  context.report(diagnostic('several-authorizers', parameters, second.origin.span, { notes }));
}
