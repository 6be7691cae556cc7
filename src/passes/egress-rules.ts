import type { DestinationPolicy, PolicyIr } from '../ir/policy-ir.js';
import type { Condition } from '../parse/ast.js';
import type { ResolvedEgress, ResolvedEgressRule } from '../resolve/resolved-egress.js';
import type { Workload } from '../topology/model.js';

/** A rule that opens one port of a host outside the mesh, and the workloads to which it does. */
export interface EgressOpening {
  readonly settings: ResolvedEgress;
  readonly rule: ResolvedEgressRule;
  readonly port: number;
  /** What of requests it opens; empty: whatever is sent there. */
  readonly conditions: readonly Condition[];
  readonly callers: readonly Workload[];
}

/** Every rule that opens a host, port by port. */
export function egressRulesTo(
  { egress }: Pick<PolicyIr, 'egress'>,
  { destination }: Pick<DestinationPolicy, 'destination'>,
): readonly EgressOpening[] {
  return egress.flatMap((settings) =>
    settings.rules.flatMap((rule) =>
      rule.targets
        .filter(({ destinations }) => destinations.some(({ id }) => id === destination.id))
        .map(({ port, conditions }) => ({
          settings,
          rule,
          port,
          conditions,
          callers: callersOf(settings, rule, destination.cluster),
        })),
    ),
  );
}

function callersOf(settings: ResolvedEgress, rule: ResolvedEgressRule, cluster: string): readonly Workload[] {
  const { workloads } = rule.callers ?? settings;
  return workloads.filter((workload) => workload.cluster === cluster);
}
