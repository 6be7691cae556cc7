import type { CallerClass, Callers } from '../../algebra/callers.js';
import { unauthenticatedClient } from '../../mesh/request.js';
import { groupBy, sortBy } from '../../util/order.js';
import type { CallerCell } from './cells.js';

/** Callers that get the same through on every way. */
export interface MatrixRow {
  /** How they take part in the mesh: `ambient`, `sidecar`, `gateway`, `plaintext`. */
  readonly speaks: string;
  /** The cluster they are in; `undefined` outside of every cluster. */
  readonly cluster: string | undefined;
  /** In the fewest words: everyone of the kind, whole namespaces, single callers. */
  readonly who: readonly string[];
  /** How many callers that is. */
  readonly callers: number;
  readonly cells: readonly CallerCell[];
}

interface Entry {
  readonly caller: CallerClass;
  readonly cells: readonly CallerCell[];
}

const order = ['ambient', 'sidecar', 'gateway', 'plaintext'];

/** One row for all callers of a kind, and several only where they differ. */
export function rowsOf({ classes }: Callers, cells: ReadonlyArray<readonly CallerCell[]>): readonly MatrixRow[] {
  const entries = classes.map((caller, index): Entry => ({ caller, cells: cells[index] ?? [] }));
  const kinds = groupBy(entries, ({ caller }) => kindOf(caller));
  const rows = [...kinds.values()].flatMap((kind) => {
    const alike = groupBy(kind, (entry) => JSON.stringify(entry.cells));
    return [...alike.values()].map((group) => rowOf(group, kind));
  });
  return sortBy(
    rows,
    ({ cluster }) => cluster ?? '\uffff',
    ({ speaks }) => order.indexOf(speaks),
    ({ cells: own }) => -openness(own),
    ({ who }) => who.join(),
  );
}

function kindOf({ caller: { speaks, cluster = '' } }: CallerClass): string {
  return `${speaks} ${cluster}`;
}

/** Those who get most through come first. */
function openness(cells: readonly CallerCell[]): number {
  const weights = { all: 3, some: 2, 'not-modelled': 1, none: 0 } as const;
  return cells.reduce((sum, { kind }) => sum + weights[kind], 0);
}

function rowOf(group: readonly Entry[], kind: readonly Entry[]): MatrixRow {
  const [first] = group;
  return {
    speaks: first?.caller.caller.speaks ?? '',
    cluster: first?.caller.caller.cluster,
    who: namesOf(group, kind),
    callers: group.reduce((sum, { caller }) => sum + caller.members.length, 0),
    cells: first?.cells ?? [],
  };
}

/** A namespace of which every caller is in the group is named as a whole. */
function namesOf(group: readonly Entry[], kind: readonly Entry[]): readonly string[] {
  const [first] = kind;
  if (first !== undefined && group.length === kind.length && kind.length > 1) return [everyone(first)];
  const sizes = groupBy(kind, namespaceOf);
  const names = [...groupBy(group, namespaceOf)].flatMap(([namespace, members]) => {
    const isWhole = namespace !== undefined && members.length > 1 && members.length === sizes.get(namespace)?.length;
    return isWhole ? [`namespace ${namespace}`] : members.flatMap(({ caller }) => caller.members.map(shortName));
  });
  return sortBy(names, (name) => name);
}

function everyone({ caller: { caller } }: Entry): string {
  if (caller.speaks === 'gateway') return 'every gateway';
  if (caller.speaks !== 'plaintext') return `every ${caller.speaks} workload`;
  return caller.cluster === undefined ? 'everyone outside' : 'every workload outside the mesh';
}

function namespaceOf({ caller: { caller } }: Entry): string | undefined {
  return caller.namespace;
}

/** The kind has a column of its own. */
function shortName(member: string): string {
  return member === unauthenticatedClient ? 'anyone outside' : member.replace(/^(gateway|outside caller) /, '');
}
