import type { Effect, Inheritance, MtlsMode } from '../../parse/ast.js';
import type { BoundScope, Origin, Setting } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { type Demand, demandsOf } from './demands.js';
import type { Grant } from './grant.js';
import { scopeKinds } from './settings.js';

/** The settings that hold for one workload in the end, each part with the document that contributes it. */
export interface EffectiveSettings {
  readonly workload: Workload;
  readonly mtls: ReadonlyArray<Setting<MtlsMode>>;
  /** Who may come without mutual TLS. */
  readonly plaintext: readonly Grant[];
  readonly defaults: ReadonlyArray<Setting<Effect>>;
  /** From the widest on; where there are several, what is stricter and all before it must allow. */
  readonly layers: readonly EffectiveLayer[];
  readonly deny: readonly Grant[];
  readonly external: readonly Grant[];
  /** Rules of wider scopes that do not count here, each with what says so. */
  readonly replaced: readonly ReplacedRule[];
}

export interface EffectiveLayer {
  /** What makes it stricter than those before it. */
  readonly stricter: Setting<Inheritance> | undefined;
  /** Whether it allows what its rules do not mention. */
  readonly isOpen: boolean;
  readonly allow: readonly Grant[];
}

export interface ReplacedRule {
  readonly origin: Origin;
  readonly by: Setting<Inheritance>;
}

/** What holds for a Service, by its pods, for a workload or for all of a namespace; nothing where nobody has that name. */
export function effectiveSettings(resolved: Resolved, name: string): readonly EffectiveSettings[] {
  const demands = demandsOf(resolved);
  const workloads = resolved.topology.clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const isNamed = (workload: Workload) =>
    name.includes('/') ? workload.services.includes(name) || keyOf(workload) === name : workload.namespace === name;
  const spoken = new Map([...demands.values()].map((demand) => [demand.workload, demand]));
  return workloads.filter(isNamed).flatMap((workload) => {
    const demand = spoken.get(workload);
    return demand === undefined ? [] : [effectiveOf(resolved, demand)];
  });
}

function effectiveOf(resolved: Resolved, demand: Demand): EffectiveSettings {
  const { workload, mtls, plaintext, defaults, layers, deny, asked } = demand;
  const around = inheritancesAround(resolved, workload);
  const stricter = around.filter(({ value }) => value === 'Stricter');
  return {
    ...{ workload, mtls, plaintext, defaults, deny, external: asked },
    layers: layers.map(({ isStricter, allow, defaults: own }, index) => ({
      stricter: isStricter ? stricter[layers.slice(0, index).filter((each) => each.isStricter).length] : undefined,
      isOpen:
        own.length > 0 ? own.some(({ value }) => value === 'Allow') : isStricter ? allow.length === 0 : index === 0,
      allow,
    })),
    replaced: replacedAt(resolved, demand, around),
  };
}

function replacedAt(
  { rules }: Resolved,
  { workload, allow, deny, asked }: Demand,
  around: ReadonlyArray<Setting<Inheritance>>,
): readonly ReplacedRule[] {
  const [by] = around.filter(({ value }) => value === 'Replace').reverse();
  if (by === undefined) return [];
  const inForce = new Set([...allow, ...deny, ...asked].map(({ rule }) => rule.origin.id));
  const about = rules.filter(({ targets }) =>
    targets.some(({ destination }) => destination.workloads.includes(workload)),
  );
  return about.filter(({ origin }) => !inForce.has(origin.id)).map(({ origin }) => ({ origin, by }));
}

/** From the widest scope to the nearest. */
function inheritancesAround(resolved: Resolved, workload: Workload): ReadonlyArray<Setting<Inheritance>> {
  const isAround = (scope: BoundScope) => {
    if (scope.kind === 'mesh') return true;
    if (scope.kind === 'namespace') return scope.namespace === workload.namespace;
    return scope.kind === 'service' ? workload.services.includes(keyOf(scope)) : keyOf(scope) === keyOf(workload);
  };
  const found = resolved.inheritances.filter(({ scope }) => isAround(scope));
  return scopeKinds.flatMap((kind) => found.filter(({ scope }) => scope.kind === kind).slice(0, 1));
}
