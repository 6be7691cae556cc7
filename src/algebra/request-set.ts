import { assert } from '../util/assert.js';
import { all, type Bits, bit, firstOf } from './bits.js';
import { childAt, type Diagrams, diagramsOver, type Limit } from './diagram.js';
import { type Node, supportOf } from './edges.js';
import { nodeLimit, TooLarge } from './limits.js';

/** How many atoms each dimension has, and the diagrams over them. Sets of one space can be compared; nothing else can. */
export interface Shape {
  readonly sizes: readonly number[];
  readonly diagrams: Diagrams;
}

/** A set of requests. Two sets of one shape are equal exactly if they have the same root. */
export interface RequestSet {
  readonly shape: Shape;
  readonly root: Node;
}

/** One request by its atoms, one in every dimension. */
export type Member = readonly number[];

const defaultLimit: Limit = { most: nodeLimit, exceeded: () => new TooLarge() };

export function shapeOf(sizes: readonly number[], limit = defaultLimit): Shape {
  return { sizes, diagrams: diagramsOver(sizes, limit) };
}

export function emptySet(shape: Shape): RequestSet {
  return { shape, root: shape.diagrams.nothing };
}

export function fullSet(shape: Shape): RequestSet {
  return { shape, root: shape.diagrams.everything };
}

/** All requests whose atoms are within the given ones; a dimension that is not given is free. */
export function boxSet(shape: Shape, given: ReadonlyMap<number, Bits>): RequestSet {
  const { everything, node } = shape.diagrams;
  const deepestFirst = [...given].sort(([left], [right]) => right - left);
  const root = deepestFirst.reduce((child, [level, bits]) => node(level, [{ bits, child }]), everything);
  return { shape, root };
}

export function union(...sets: readonly [RequestSet, ...RequestSet[]]): RequestSet {
  return combined(sets, sets[0].shape.diagrams.union);
}

export function intersect(...sets: readonly [RequestSet, ...RequestSet[]]): RequestSet {
  return combined(sets, sets[0].shape.diagrams.intersect);
}

/** Two by two, so that what is met on the way is no larger than it has to be. */
function combined(
  sets: readonly [RequestSet, ...RequestSet[]],
  combine: (left: Node, right: Node) => Node,
): RequestSet {
  const [{ shape }] = sets;
  let roots = sets.map((set) => rootOf(shape, set));
  if (roots.length < 4) return { shape, root: roots.reduce(combine) };
  while (roots.length > 1) {
    const right = roots.filter((_, index) => index % 2 === 1);
    const left = roots.filter((_, index) => index % 2 === 0);
    roots = left.map((root, index) => (right[index] === undefined ? root : combine(root, right[index])));
  }
  return { shape, root: roots[0] ?? shape.diagrams.nothing };
}

export function subtract(left: RequestSet, right: RequestSet): RequestSet {
  const { shape } = left;
  return { shape, root: shape.diagrams.subtract(left.root, rootOf(shape, right)) };
}

export function complement(set: RequestSet): RequestSet {
  return subtract(fullSet(set.shape), set);
}

export function isEmpty({ shape, root }: RequestSet): boolean {
  return root === shape.diagrams.nothing;
}

/** Whether every request of `inner` is in `outer`. */
export function includes(outer: RequestSet, inner: RequestSet): boolean {
  return isEmpty(subtract(inner, outer));
}

export function equals(left: RequestSet, right: RequestSet): boolean {
  return left.root === rootOf(left.shape, right);
}

/** Takes one of the atoms of a dimension that some request of a set has, those before it being taken. */
export type Choice = (dimension: number, atoms: Bits) => number;

/** One request of the set, the first in every dimension unless somebody chooses. `undefined` when there is none. */
export function anyMember(set: RequestSet, choose: Choice = (_, atoms) => firstOf(atoms)): Member | undefined {
  const { sizes } = set.shape;
  if (isEmpty(set)) return undefined;
  let at = set.root;
  return sizes.map((size, dimension) => {
    if (at.level > dimension) return choose(dimension, all(size));
    const atom = choose(dimension, supportOf(at.edges));
    at = childAt(at, atom) ?? set.shape.diagrams.nothing;
    return atom;
  });
}

/** The set of that one request; empty when there is none. */
export function oneOf(set: RequestSet): RequestSet {
  const member = anyMember(set);
  if (member === undefined) return set;
  return boxSet(set.shape, new Map(member.map(bit).entries()));
}

export function contains({ shape, root }: RequestSet, member: Member): boolean {
  let at: Node | undefined = root;
  while (at !== undefined && at.edges.length > 0) at = childAt(at, member[at.level] ?? 0);
  return at === shape.diagrams.everything;
}

/** What is in the set beside one atom of the first dimension, whatever the first dimension is then. */
export function sliceOf({ shape, root }: RequestSet, atom: number): RequestSet {
  return { shape, root: root.level === 0 ? (childAt(root, atom) ?? shape.diagrams.nothing) : root };
}

function rootOf(shape: Shape, set: RequestSet): Node {
  assert(set.shape === shape, 'sets of different spaces meet');
  return set.root;
}
