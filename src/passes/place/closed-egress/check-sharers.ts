import { wayOutOf } from '../../../dataplanes/egress.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { Caller, Destination, Origin } from '../../../resolve/resolved.js';
import { type Cluster, keyOf, type Workload } from '../../../topology/model.js';
import { groupBy } from '../../../util/order.js';
import { egressRulesTo } from '../../egress-rules.js';
import type { PlaceContext } from '../context.js';
import { accountOf, type ClosedScope } from './closed-scopes.js';

/** A waypoint sees accounts: who shares one with a workload of the scope would be denied as well. */
export function checkSharers(context: PlaceContext, { scope, workloads, origins }: ClosedScope, caller: Caller): void {
  if (scope.kind === 'namespace' || caller.kind !== 'identities') return;
  const own = new Set(workloads.map(keyOf));
  const sharer = context.sources.find(
    ({ name, serviceAccount, plane }) =>
      plane === 'ambient' && caller.serviceAccounts.includes(serviceAccount) && !own.has(name),
  );
  const other = workloads.find((workload) => accountOf(workload) === sharer?.serviceAccount);
  if (sharer === undefined || other === undefined) return;
  const parameters = { workload: sharer.name, account: sharer.serviceAccount, other: keyOf(other) };
  const witness = `a connection of ${sharer.name} to a host outside is refused, of which no settings speak`;
  context.report(diagnostic('egress-shared-identity', parameters, origins[0]?.span ?? null, { witness }));
}

/** And who shares one with a workload to which a host is opened would be let out with it. */
export function checkOpenedSharers(context: PlaceContext, cluster: Cluster, destination: Destination): void {
  const { ir } = context;
  const byWaypoint = ({ cluster: name, mode }: Workload) =>
    name === cluster.name && wayOutOf(mode.plane).throughWaypoint;
  const closed = ir.egress.flatMap(({ workloads }) => workloads).filter(byWaypoint);
  for (const openings of groupBy(egressRulesTo(ir, { destination }), ({ port }) => port).values()) {
    const opened = new Set(openings.flatMap(({ callers }) => callers.map(keyOf)));
    for (const { rule, callers } of openings) {
      const byAccount = new Map(callers.filter(byWaypoint).map((caller) => [accountOf(caller), caller]));
      const other = closed.find((each) => byAccount.has(accountOf(each)) && !opened.has(keyOf(each)));
      const caller = other && byAccount.get(accountOf(other));
      if (caller) reportOpenedSharer(context, destination, rule.origin, { caller, other });
    }
  }
}

function reportOpenedSharer(
  { report }: PlaceContext,
  { service }: Destination,
  { span }: Origin,
  { caller, other }: { readonly caller: Workload; readonly other: Workload },
): void {
  const parameters = { workload: keyOf(caller), account: accountOf(other), other: keyOf(other) };
  const witness = `a connection of ${keyOf(other)} to ${service?.host} is let out, which no rule opens to it`;
  const help = `give each a ServiceAccount of its own, or let \`${keyOf(other)}\` call the host as well`;
  report(diagnostic('egress-shared-identity', parameters, span, { witness, help }));
}
