import { diagnostic } from '../diagnostics/create.js';
import type { Scope } from '../parse/ast.js';
import { keyOf } from '../topology/model.js';
import { groupBy } from '../util/order.js';
import type { BindContext } from './context.js';
import { clusterNames, nearNames, wholeName } from './names.js';
import { noDestination } from './no-destination.js';
import type { BoundScope, Destination, Setting } from './resolved.js';

/** Binds a scope's name; an unknown one is reported and the settings are left out. */
export function bindScope(context: BindContext, scope: Scope): BoundScope | undefined {
  if (scope.kind === 'mesh') return { kind: 'mesh' };
  if (scope.kind === 'namespace') return namespaceScope(context, scope.reference, scope.span);
  const whole = wholeName(context, scope.reference, undefined, scope.span);
  if (whole === undefined) return undefined;
  const found = scope.kind === 'service' ? context.destinations.service(whole) : context.destinations.workload(whole);
  const [namespace = '', name = ''] = whole.split('/');
  if (found.some(({ workloads }) => workloads.length > 0)) return { kind: scope.kind, namespace, name };
  const sought = { kind: scope.kind, name: whole, found };
  context.report(noDestination(context, sought, scope.span, 'nothing would enforce these settings'));
  return undefined;
}

function namespaceScope(context: BindContext, namespace: string, span: Scope['span']): BoundScope | undefined {
  if (context.names.namespace.has(namespace)) return { kind: 'namespace', namespace };
  context.report(
    diagnostic(
      'unknown-namespace',
      { name: namespace, where: clusterNames(context.topology) },
      span,
      nearNames(namespace, context.names.namespace),
    ),
  );
  return undefined;
}

/** The scopes that are wider than one, and hold all of it. */
export function scopesAround(
  { destinations }: Pick<BindContext, 'destinations'>,
  scope: BoundScope,
): readonly BoundScope[] {
  if (scope.kind === 'mesh') return [];
  if (scope.kind === 'namespace') return [{ kind: 'mesh' }];
  const { namespace } = scope;
  const wide: readonly BoundScope[] = [{ kind: 'mesh' }, { kind: 'namespace', namespace }];
  if (scope.kind === 'service') return wide;
  const services = destinations
    .workload(keyOf(scope))
    .flatMap(({ workloads }) => workloads.flatMap((workload) => workload.services));
  return [...wide, ...new Set(services)].map((each) => (typeof each === 'string' ? serviceScope(each) : each));
}

function serviceScope(key: string): BoundScope {
  const [namespace = '', name = ''] = key.split('/');
  return { kind: 'service', namespace, name };
}

/** Every destination that a scope speaks about, each workload once. The mesh is what takes part in it. */
export function destinationsIn(context: BindContext, scope: BoundScope): readonly Destination[] {
  switch (scope.kind) {
    case 'mesh':
      return context.destinations.namespaces
        .flatMap((namespace) => context.destinations.homes(namespace))
        .filter(({ workloads }) => workloads.some(({ mode }) => mode.plane !== 'none'));
    case 'namespace':
      return context.destinations.homes(scope.namespace);
    case 'service':
      return context.destinations.service(keyOf(scope)).filter(({ workloads }) => workloads.length > 0);
    case 'workload':
      return context.destinations.workload(keyOf(scope));
  }
}

/** Whether a destination belongs to a scope. */
export function holds(scope: BoundScope, destination: Destination): boolean {
  if (scope.kind === 'mesh') return true;
  if (scope.namespace !== destination.namespace) return false;
  if (scope.kind === 'namespace') return true;
  if (scope.kind === 'service') return destination.service?.name === scope.name;
  return destination.workloads.every(({ name }) => name === scope.name);
}

export function namespaceOf(scope: BoundScope): string | undefined {
  return scope.kind === 'mesh' ? undefined : scope.namespace;
}

export function scopeLabel(scope: BoundScope): string {
  if (scope.kind === 'mesh') return 'the mesh';
  return scope.kind === 'namespace' ? `namespace \`${scope.namespace}\`` : `${scope.kind} \`${keyOf(scope)}\``;
}

/**
 * One setting a scope. Given two values it is a contradiction: no order of documents may decide it. Documents that give the
 * same value say it together, each with what it accepts.
 */
export function onceEach<T extends string>(
  context: BindContext,
  name: 'contradictory-default' | 'contradictory-mtls' | 'contradictory-inheritance',
  settings: ReadonlyArray<Setting<T>>,
): ReadonlyArray<Setting<T>> {
  return [...groupBy(settings, ({ scope }) => scopeLabel(scope))].flatMap(([scope, [first, ...others]]) => {
    if (first === undefined || others.length === 0) return first ?? [];
    const notes = [{ message: 'the other value is here', span: first.origin.span }];
    for (const { value, origin } of others.filter(({ value }) => value !== first.value)) {
      context.report(diagnostic(name, { scope, first: first.value, second: value }, origin.span, { notes }));
    }
    const mandate = [first, ...others].find((each) => each.mandate !== undefined)?.mandate;
    return [{ ...first, mandate, accept: [first, ...others].flatMap(({ accept }) => accept) }];
  });
}

/** The kinds of scopes, from the widest to the nearest. */
export const scopeLevels = ['mesh', 'namespace', 'service', 'workload'] as const satisfies BoundScope['kind'][];

/** How near a scope is to what it speaks about. */
export const nearness = Object.fromEntries(scopeLevels.map((kind, level) => [kind, level])) as Readonly<
  Record<BoundScope['kind'], number>
>;

/** Looks up the value that the nearest scope gives to a destination. */
export function nearestOf<T>(
  settings: ReadonlyArray<Setting<T>>,
): (destination: Destination) => Setting<T> | undefined {
  const byNamespace = groupBy(settings, ({ scope }) => namespaceOf(scope));
  const [ofMesh] = byNamespace.get(undefined) ?? [];
  return (destination) => {
    let best = ofMesh;
    for (const each of byNamespace.get(destination.namespace) ?? [])
      if (holds(each.scope, destination) && isNearer(each, best)) best = each;
    return best;
  };
}

function isNearer<T>({ scope }: Setting<T>, best: Setting<T> | undefined): boolean {
  return best === undefined || nearness[scope.kind] > nearness[best.scope.kind];
}
