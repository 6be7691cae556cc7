import { type Bits, bitsOf, indexesOf, none } from './bits.js';

/**
 * A set of requests: a decision on one dimension after the other, in their order. A dimension that does not matter is
 * left out, and two nodes that decide alike are one node, so equal sets are one and the same node.
 */
export interface Node {
  readonly id: number;
  /** The dimension that is decided on; of the two ends, the number of dimensions. */
  readonly level: number;
  /** Disjoint sets of atoms, none empty. An atom in none of them leads to nothing. */
  readonly edges: readonly Edge[];
}

export interface Edge {
  readonly bits: Bits;
  readonly child: Node;
}

/** Atoms that lead one way from one node and another way from another; `undefined` where they lead to nothing. */
export interface Meeting {
  readonly bits: Bits;
  readonly ours: Node | undefined;
  readonly theirs: Node | undefined;
}

/** From how many pairs of edges on it pays to go through the atoms one by one. */
const many = 4096;

/** The atoms of two nodes of one level, those together that lead the same two ways. */
export function meetings(left: readonly Edge[], right: readonly Edge[]): readonly Meeting[] {
  return left.length * right.length < many ? byEdges(left, right) : byAtoms(left, right);
}

function byEdges(left: readonly Edge[], right: readonly Edge[]): readonly Meeting[] {
  const found: Meeting[] = [];
  for (const { bits, child: ours } of left) {
    let rest = bits;
    for (const other of right) {
      const common = bits & other.bits;
      if (common === none) continue;
      rest ^= common;
      found.push({ bits: common, ours, theirs: other.child });
      if (rest === none) break;
    }
    if (rest !== none) found.push({ bits: rest, ours, theirs: undefined });
  }
  const taken = supportOf(left);
  for (const { bits, child: theirs } of right) {
    if ((bits & ~taken) !== none) found.push({ bits: bits & ~taken, ours: undefined, theirs });
  }
  return found;
}

function byAtoms(left: readonly Edge[], right: readonly Edge[]): readonly Meeting[] {
  const [ours, theirs] = [childrenByAtom(left), childrenByAtom(right)];
  const groups = new Map<
    string,
    { readonly atoms: number[]; readonly ours: Node | undefined; readonly theirs: Node | undefined }
  >();
  for (let atom = 0; atom < Math.max(ours.length, theirs.length); atom++) {
    const [one, other] = [ours[atom], theirs[atom]];
    if (one === undefined && other === undefined) continue;
    const key = `${one?.id} ${other?.id}`;
    const group = groups.get(key) ?? { atoms: [], ours: one, theirs: other };
    group.atoms.push(atom);
    groups.set(key, group);
  }
  return Array.from(groups.values(), ({ atoms, ...children }) => ({ bits: bitsOf(atoms), ...children }));
}

function childrenByAtom(edges: readonly Edge[]): ReadonlyArray<Node | undefined> {
  const children: Array<Node | undefined> = [];
  for (const { bits, child } of edges) for (const atom of indexesOf(bits)) children[atom] = child;
  return children;
}

/** The atoms that lead anywhere. */
export function supportOf(edges: readonly Edge[]): Bits {
  return edges.reduce((bits, edge) => bits | edge.bits, none);
}
