import { accountOfCaller, type CallerClass } from '../algebra/callers.js';
import { groupBy, sortBy, sortedUnique } from '../util/order.js';
import { type Access, inOrder } from './access.js';
import type { Who } from './who.js';

/** What is said of one class of callers, and what decides about it. */
export interface Told<Content> {
  readonly caller: CallerClass;
  readonly content: Content;
  readonly points: readonly string[];
}

type Named<Content> = Content & {
  readonly who: Who;
  readonly points: readonly string[];
  /** Every workload that it is, as `namespace/name`; also where many are meant. */
  readonly workloads: readonly string[];
};

/**
 * In the fewest words who gets what, where of each caller it is known by itself: most of the workloads are all others, and the rest
 * whole namespaces where they can be, and else by name. Whoever gets nothing is named only where most get something.
 */
export function namedTogether<Content extends Pick<Access, 'kind'>>(
  all: readonly Told<Content>[],
): readonly Named<Content>[] {
  const found = [...groupBy(all, ({ caller }) => kindOf(caller)).values()].flatMap((kind) => {
    const groups = [...groupBy(kind, ({ content }) => JSON.stringify(content)).values()];
    const [most, ...others] = sortBy(groups, (group) => -sizeOf(group));
    if (most === undefined) return [];
    const named = others.flatMap((group) => byNamespace(group, kind));
    if (most[0]?.content.kind === 'none') return named;
    return [...told(most, restOf(most)), ...named];
  });
  return inOrder(found);
}

function sizeOf(group: ReadonlyArray<Told<unknown>>): number {
  return group.reduce((sum, { caller }) => sum + caller.sources.length, 0);
}

/** Gateways, pods outside the mesh, and workloads are told apart by everybody. */
function kindOf({ caller: { speaks, identity } }: CallerClass): string {
  if (speaks === 'gateway') return 'gateway';
  return identity === null ? 'outside' : 'workload';
}

function told<Content>(
  group: ReadonlyArray<Told<Content>>,
  who: Pick<Who, 'kind' | 'name' | 'label'> & Partial<Who>,
): readonly Named<Content>[] {
  const [first] = group;
  if (first === undefined) return [];
  const callers = group.map(({ caller }) => caller.caller);
  const base = {
    namespace: undefined,
    members: [],
    clusters: sortedUnique(callers.flatMap(({ cluster }) => cluster ?? [])),
    planes: sortedUnique(callers.map(({ speaks }) => speaks)),
    isFuture: false,
    kindKey: '',
  };
  const points = sortedUnique(group.flatMap((each) => each.points));
  const sources = group.flatMap(({ caller }) => caller.sources);
  const workloads = sortedUnique(sources.flatMap((each) => (each.kind === 'workload' ? [each.workload] : [])));
  return [{ ...first.content, who: { ...base, ...who }, points, workloads }];
}

function restOf([first]: ReadonlyArray<Told<unknown>>): Pick<Who, 'kind' | 'name' | 'label'> {
  const kind = first === undefined ? '' : kindOf(first.caller);
  if (kind === 'outside') return { kind, name: 'pods', label: 'pods outside the mesh' };
  return { kind: 'rest', name: '', label: kind === 'gateway' ? 'gateway' : 'workload in the mesh' };
}

/** Those of a namespace of which every caller is in the group are one. */
function byNamespace<Content>(
  group: ReadonlyArray<Told<Content>>,
  kind: ReadonlyArray<Told<Content>>,
): readonly Named<Content>[] {
  const sizes = groupBy(kind, ({ caller }) => caller.caller.namespace);
  return [...groupBy(group, ({ caller }) => caller.caller.namespace)].flatMap(([namespace, own]) => {
    const isWhole = own.length > 1 && own.length === sizes.get(namespace)?.length;
    const [first] = own;
    if (isWhole && namespace !== undefined && first?.caller.caller.identity !== null)
      return told(own, { kind: 'namespace', name: namespace, label: `namespace ${namespace}`, namespace });
    return [...groupBy(own, nameOf).values()].flatMap((alike) => told(alike, byName(alike)));
  });
}

/** Whoever has no account is known by its name alone. */
function nameOf({ caller }: Told<unknown>): string {
  return accountOfCaller(caller) || caller.members.join();
}

function byName(own: ReadonlyArray<Told<unknown>>): Pick<Who, 'kind' | 'name' | 'label' | 'namespace' | 'members'> {
  const members = sortedUnique(own.flatMap(({ caller }) => caller.sources.flatMap(keyOfSource)));
  const [first] = own;
  const account = first === undefined ? '' : accountOfCaller(first.caller);
  const base = { namespace: first?.caller.caller.namespace, members };
  const names = members.join(', ');
  return account === ''
    ? { ...base, kind: 'outside', name: names, label: `${names}, outside the mesh` }
    : { ...base, kind: 'identity', name: account, label: account };
}

function keyOfSource(source: CallerClass['source']): readonly string[] {
  if (source.kind === 'workload') return [source.workload];
  return source.kind === 'gateway' ? [source.gateway] : [];
}
