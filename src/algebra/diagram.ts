import { all, type Bits, hasBit, none } from './bits.js';
import { type Edge, meetings, type Node } from './edges.js';

/** The diagrams of one space. Those of two spaces never meet. */
export interface Diagrams {
  readonly nothing: Node;
  readonly everything: Node;
  /** The node of these edges, made once. They must be disjoint, and their children of later levels. */
  node(level: number, edges: readonly Edge[]): Node;
  union(left: Node, right: Node): Node;
  intersect(left: Node, right: Node): Node;
  subtract(left: Node, right: Node): Node;
  /** How many edges were made and pairs of nodes compared so far: what the limit counts. */
  size(): number;
}

/** How large the diagrams of one space may get, and what is thrown where they get larger. */
export interface Limit {
  readonly most: number;
  exceeded(): Error;
}

type Operation = 'union' | 'intersect' | 'subtract';

/** Makes the diagrams over dimensions of some sizes, at most as large as a limit says; beyond it, an error is thrown. */
export function diagramsOver(sizes: readonly number[], { most, exceeded }: Limit): Diagrams {
  const end = sizes.length;
  const nothing: Node = { id: 0, level: end, edges: [] };
  const everything: Node = { id: 1, level: end, edges: [] };
  const whole = sizes.map(all);
  const nodes = new Map<string, Node>();
  const results = {
    union: new Map<number, Node>(),
    intersect: new Map<number, Node>(),
    subtract: new Map<number, Node>(),
  };
  const nameOf = namesOfBits();
  let size = 0;

  const grow = (by: number) => {
    size += by;
    if (size > most) throw exceeded();
  };

  const node = (level: number, given: readonly Edge[]): Node => {
    const edges = joined(given, nothing);
    const [first] = edges;
    if (first === undefined) return nothing;
    if (edges.length === 1 && first.bits === whole[level]) return first.child;
    const name = edges.reduce((text, { bits, child }) => `${text} ${nameOf(bits)}:${child.id}`, String(level));
    const known = nodes.get(name);
    if (known !== undefined) return known;
    grow(edges.length * weightOf(sizes[level] ?? 0));
    const made = { id: nodes.size + 2, level, edges };
    nodes.set(name, made);
    return made;
  };

  const edgesAt = (at: Node, level: number): readonly Edge[] =>
    at.level === level ? at.edges : [{ bits: whole[level] ?? none, child: at }];

  const settled: Readonly<Record<Operation, (left: Node, right: Node) => Node | undefined>> = {
    union: (left, right) => {
      if (left === right || right === nothing || left === everything) return left;
      return left === nothing || right === everything ? right : undefined;
    },
    intersect: (left, right) => {
      if (left === right || right === everything || left === nothing) return left;
      return left === everything || right === nothing ? right : undefined;
    },
    subtract: (left, right) => {
      if (left === right || right === everything) return nothing;
      return left === nothing || right === nothing ? left : undefined;
    },
  };

  const apply = (operation: Operation, left: Node, right: Node): Node => {
    const known = settled[operation](left, right) ?? results[operation].get(pairOf(operation, left, right));
    if (known !== undefined) return known;
    grow(1);
    const level = Math.min(left.level, right.level);
    const edges = meetings(edgesAt(left, level), edgesAt(right, level)).map(({ bits, ours, theirs }) => {
      return { bits, child: apply(operation, ours ?? nothing, theirs ?? nothing) };
    });
    const result = node(level, edges);
    results[operation].set(pairOf(operation, left, right), result);
    return result;
  };

  return {
    nothing,
    everything,
    node,
    union: (left, right) => apply('union', left, right),
    intersect: (left, right) => apply('intersect', left, right),
    subtract: (left, right) => apply('subtract', left, right),
    size: () => size,
  };
}

/** What an edge counts: as much as the set of atoms in it takes. */
function weightOf(atoms: number): number {
  return 1 + (atoms >> 10);
}

/** A number for two nodes; their order counts for a difference only. */
function pairOf(operation: Operation, { id: left }: Node, { id: right }: Node): number {
  const [first, second] = operation === 'subtract' || left < right ? [left, right] : [right, left];
  return first * 2 ** 26 + second;
}

/** One edge for each child, in the order of their ids, and none to nothing. */
function joined(edges: readonly Edge[], nothing: Node): readonly Edge[] {
  const [only] = edges;
  if (only !== undefined && edges.length === 1) return only.child === nothing || only.bits === none ? [] : edges;
  const byChild = new Map<Node, Bits>();
  for (const { bits, child } of edges) {
    if (child !== nothing && bits !== none) byChild.set(child, (byChild.get(child) ?? none) | bits);
  }
  const kept = Array.from(byChild, ([child, bits]) => ({ bits, child }));
  return kept.length < 2 ? kept : kept.sort((one, other) => one.child.id - other.child.id);
}

const prime = 4_503_599_627_370_449n;

/** A short name for each set of atoms. JavaScript tells large numbers apart by their last digits first, so these are hashed here. */
function namesOfBits(): (bits: Bits) => number {
  const buckets = new Map<Bits, Array<{ readonly bits: Bits; readonly name: number }>>();
  let count = 0;
  return (bits) => {
    const hash = bits % prime;
    const bucket = buckets.get(hash) ?? [];
    const known = bucket.find((each) => each.bits === bits);
    if (known !== undefined) return known.name;
    bucket.push({ bits, name: count });
    buckets.set(hash, bucket);
    return count++;
  };
}

/** Where an atom leads from a node, if anywhere. */
export function childAt({ edges }: Node, atom: number): Node | undefined {
  return edges.find(({ bits }) => hasBit(bits, atom))?.child;
}
