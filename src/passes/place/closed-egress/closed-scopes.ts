import type { PolicyIr } from '../../../ir/policy-ir.js';
import type { Acceptance } from '../../../parse/acceptance.js';
import type { Condition } from '../../../parse/ast.js';
import type { Origin } from '../../../resolve/resolved.js';
import type { ResolvedEgress, ResolvedEgressTarget } from '../../../resolve/resolved-egress.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import { type Cluster, keyOf, type Workload } from '../../../topology/model.js';
import { groupBy, sortedUnique } from '../../../util/order.js';

/** A scope whose workloads may call nothing outside the mesh but what is opened to them, whichever settings say so. */
export interface ClosedScope {
  readonly scope: ResolvedEgress['scope'];
  readonly label: string;
  /** Whether settings of the mesh close it. */
  readonly isOfMesh: boolean;
  readonly workloads: readonly Workload[];
  readonly origins: readonly Origin[];
  /** Whether some settings ask for NetworkPolicies that close it. */
  readonly isOwnBackstop: boolean;
  readonly accept: readonly Acceptance[];
}

export function closedScopes({ egress }: PolicyIr, cluster: Cluster): readonly ClosedScope[] {
  const here = egress.filter(({ scope }) => cluster.namespaces.has(scope.namespace));
  return [...groupBy(here, ({ scope }) => scopeLabel(scope))].flatMap(([label, settings]) =>
    settings.slice(0, 1).map(({ scope, workloads }) => ({
      scope,
      label,
      isOfMesh: settings.some((each) => each.isOfMesh),
      workloads: workloads.filter((workload) => workload.cluster === cluster.name),
      origins: settings.map(({ origin }) => origin),
      isOwnBackstop: settings.some((each) => each.isOwnBackstop),
      accept: settings.flatMap(({ accept }) => accept),
    })),
  );
}

/** What rules open of a host at one port: to everybody of a scope, or to whoever runs as one of some accounts. */
export interface Opening {
  readonly scope: string;
  /** `undefined`: everybody of the scope. */
  readonly named: readonly string[] | undefined;
  /** As whom everybody runs to whom it is opened, as far as manifests show. */
  readonly accounts: readonly string[];
  /** What of requests is opened; empty: whatever is sent there. */
  readonly conditions: readonly Condition[];
  readonly origin: Origin;
}

export function openingsOf({ egress }: PolicyIr, destination: string, port: number): readonly Opening[] {
  return egress.flatMap(({ scope, workloads, rules }) =>
    rules.flatMap(({ targets, callers, origin }) =>
      targets
        .filter((target) => isMeant(target, destination, port))
        .map(({ conditions }) => ({
          scope: scopeLabel(scope),
          named: callers?.serviceAccounts,
          accounts: callers?.serviceAccounts ?? sortedUnique(workloads.map(accountOf)),
          conditions,
          origin,
        })),
    ),
  );
}

function isMeant(target: ResolvedEgressTarget, destination: string, port: number): boolean {
  return target.port === port && target.destinations.some(({ id }) => id === destination);
}

export function accountOf({ namespace, serviceAccount }: Workload): string {
  return keyOf({ namespace, name: serviceAccount });
}
