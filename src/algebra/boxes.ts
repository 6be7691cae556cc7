import { oncePerObject } from '../util/once.js';
import { all, type Bits, none } from './bits.js';
import { childAt, type Diagrams } from './diagram.js';
import { type Node, supportOf } from './edges.js';
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
 * A set in few and wide boxes, at most as many as a limit says. They may reach beyond it into a room around it. None has
 * only what the others have already.
 */
export function coverOf(set: RequestSet, room: RequestSet, limit: number): Cover {
  const boxes: Box[] = [];
  let rest = set;
  for (let member = anyMember(rest); member !== undefined && boxes.length < limit; member = anyMember(rest)) {
    const box = widestBox(room, member);
    boxes.push(box);
    rest = subtract(rest, setOf(box, set));
  }
  return { boxes: withoutCovered(boxes, set), isWhole: isEmpty(rest) };
}

/**
 * The box of one member with every atom that leaves it within the room, one dimension after the other: all that is reached
 * by the atoms taken so far must go on to where the member's own atoms lead into the room.
 */
export function widestBox({ root, shape }: RequestSet, member: Member): Box {
  const leadsIn = leading(member, shape.diagrams);
  let reached: readonly Node[] = [root];
  return shape.sizes.map((size, dimension) => {
    const here = reached.filter(({ level }) => level === dimension);
    const room = here.map(({ edges }) => supportOf(edges.filter(({ child }) => leadsIn(child))));
    const atoms = room.reduce((common, bits) => common & bits, all(size));
    const next = here.flatMap(({ edges }) => edges.filter(({ bits }) => (bits & atoms) !== none));
    reached = [...new Set([...reached.filter(({ level }) => level > dimension), ...next.map(({ child }) => child)])];
    return atoms;
  });
}

/** Whether a node leads to everything by the atoms of a member. */
function leading(member: Member, { everything }: Diagrams): (node: Node) => boolean {
  const leadsIn = oncePerObject((node: Node): boolean => {
    const child = childAt(node, member[node.level] ?? 0);
    return child === undefined ? node === everything : leadsIn(child);
  });
  return leadsIn;
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
