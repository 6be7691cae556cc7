import type { PolicyIr } from '../../../ir/policy-ir.js';
import type { Origin } from '../../../resolve/resolved.js';
import type { EgressCallers, ResolvedEgress, ResolvedEgressRule } from '../../../resolve/resolved-egress.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import { type Cluster, keyOf, type Workload } from '../../../topology/model.js';
import { groupBy, sortedUnique } from '../../../util/order.js';

/** A scope whose workloads may call nothing outside the mesh but what is opened to them, whichever settings say so. */
export interface ClosedScope {
  readonly scope: ResolvedEgress['scope'];
  readonly label: string;
  readonly workloads: readonly Workload[];
  readonly origins: readonly Origin[];
}

export function closedScopes({ egress }: PolicyIr, cluster: Cluster): readonly ClosedScope[] {
  const here = egress.filter(({ scope }) => cluster.namespaces.has(scope.namespace));
  return [...groupBy(here, ({ scope }) => scopeLabel(scope))].flatMap(([label, settings]) =>
    settings.slice(0, 1).map(({ scope, workloads }) => ({
      scope,
      label,
      workloads: workloads.filter((workload) => workload.cluster === cluster.name),
      origins: settings.map(({ origin }) => origin),
    })),
  );
}

/** Whom rules let call a host at one port: everybody of some scopes, and whoever runs as one of some accounts. */
export interface Opened {
  readonly scopes: ReadonlySet<string>;
  readonly accounts: readonly string[];
  readonly origins: readonly Origin[];
}

export function openedTo({ egress }: PolicyIr, destination: string, port: number): Opened {
  const opening = egress.flatMap(({ scope, workloads, rules }) =>
    rules.filter((rule) => opens(rule, destination, port)).map((rule) => ({ scope, workloads, rule })),
  );
  const whole = opening.filter(({ rule }) => rule.callers === undefined);
  return {
    scopes: new Set(whole.map(({ scope }) => scopeLabel(scope))),
    accounts: sortedUnique(opening.flatMap(({ rule, workloads }) => accountsOf(rule.callers, workloads))),
    origins: opening.map(({ rule }) => rule.origin),
  };
}

function opens({ targets }: ResolvedEgressRule, destination: string, port: number): boolean {
  return targets.some((target) => target.port === port && target.destinations.some(({ id }) => id === destination));
}

function accountsOf(callers: EgressCallers | undefined, workloads: readonly Workload[]): readonly string[] {
  return callers?.serviceAccounts ?? workloads.map(accountOf);
}

export function accountOf({ namespace, serviceAccount }: Workload): string {
  return keyOf({ namespace, name: serviceAccount });
}
