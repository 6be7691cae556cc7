import { oncePerObject } from '../util/once.js';
import { all, type Bits, bit, none } from './bits.js';
import { type Node, supportOf } from './diagram.js';
import {
  anyMember,
  boxSet,
  includes,
  intersect,
  isEmpty,
  type Member,
  type RequestSet,
  subtract,
  union,
} from './request-set.js';

/** One set of atoms for each dimension: the product of them. Never empty in any dimension. */
export type Box = readonly Bits[];

/** Some boxes of a set, in words to come, and whether they hold all of it. */
export interface Cover {
  readonly boxes: readonly Box[];
  readonly isWhole: boolean;
}

/**
 * A set in few and wide boxes, at most as many as a limit says. They may reach beyond it into a room around it; each is
 * widened in one dimension after the other, in the order that is given. None has only what the others have already.
 */
export function coverOf(set: RequestSet, room: RequestSet, order: readonly number[], limit: number): Cover {
  const boxes: Box[] = [];
  let rest = set;
  for (let member = anyMember(rest); member !== undefined && boxes.length < limit; member = anyMember(rest)) {
    const box = widestBox(room, member, order);
    boxes.push(box);
    rest = subtract(rest, setOf(box, set));
  }
  return { boxes: withoutCovered(boxes, set), isWhole: isEmpty(rest) };
}

/** The box of one member with every atom that leaves it within the room, one dimension after the other. */
export function widestBox(room: RequestSet, member: Member, order: readonly number[]): Box {
  return order.reduce<Box>((box, dimension) => box.with(dimension, roomFor(room, box, dimension)), member.map(bit));
}

/** Widening may give to a box what was an earlier one's only share. */
function withoutCovered(boxes: readonly Box[], set: RequestSet): readonly Box[] {
  return boxes.reduce<readonly Box[]>((kept, box) => {
    const others = kept.filter((other) => other !== box);
    const [first, ...more] = others.map((other) => setOf(other, set));
    return first !== undefined && includes(union(first, ...more), intersect(setOf(box, set), set)) ? others : kept;
  }, boxes);
}

function setOf(box: Box, { shape }: RequestSet): RequestSet {
  return boxSet(shape, new Map(box.entries()));
}

/** The atoms of one dimension with which a box, otherwise as it is, lies within the room. */
function roomFor({ root, shape }: RequestSet, box: Box, dimension: number): Bits {
  const { nothing, everything } = shape.diagrams;
  const everyAtom = all(shape.sizes[dimension] ?? 0);
  const lies = oncePerObject((node: Node): boolean => {
    if (node === everything || node === nothing) return node === everything;
    return childrenOf(node, box).every((child) => child !== undefined && lies(child));
  });
  const search = oncePerObject((node: Node): Bits => {
    if (node.level > dimension) return lies(node) ? everyAtom : none;
    if (node.level === dimension) return supportOf(node.edges.filter(({ child }) => lies(child)));
    return childrenOf(node, box).reduce(
      (room, child) => (child === undefined ? none : room & search(child)),
      everyAtom,
    );
  });
  return search(root);
}

/** Where the atoms of a box lead from a node; `undefined` where one of them leads nowhere. */
function childrenOf({ level, edges }: Node, box: Box): ReadonlyArray<Node | undefined> {
  const atoms = box[level] ?? none;
  const met = edges.filter(({ bits }) => (bits & atoms) !== none);
  const children = met.map(({ child }) => child);
  return (atoms & ~supportOf(met)) === none ? children : [...children, undefined];
}
