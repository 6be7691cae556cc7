import { assert } from '../util/assert.js';
import { all, type Bits, firstOf, none } from './bits.js';

/** How many atoms each dimension has. Sets of one space can be compared; nothing else can. */
export interface Shape {
  readonly sizes: readonly number[];
}

/** One set of atoms for each dimension: the product of them. Never empty in any dimension. */
export type Box = readonly Bits[];

/** A set of requests: a union of boxes. */
export interface RequestSet {
  readonly shape: Shape;
  readonly boxes: readonly Box[];
}

export function emptySet(shape: Shape): RequestSet {
  return { shape, boxes: [] };
}

export function fullSet(shape: Shape): RequestSet {
  return { shape, boxes: [shape.sizes.map(all)] };
}

/** All requests whose atoms are within the given ones; a dimension that is not given is free. */
export function boxSet(shape: Shape, given: ReadonlyMap<number, Bits>): RequestSet {
  const box = shape.sizes.map((size, dimension) => given.get(dimension) ?? all(size));
  return { shape, boxes: box.includes(none) ? [] : [box] };
}

export function union(...sets: readonly [RequestSet, ...RequestSet[]]): RequestSet {
  const [{ shape }] = sets;
  return { shape, boxes: simplify(sets.flatMap((set) => boxesOf(shape, set))) };
}

export function intersect(left: RequestSet, right: RequestSet): RequestSet {
  const boxes = left.boxes.flatMap((box) => boxesOf(left.shape, right).flatMap((other) => intersectBoxes(box, other)));
  return { shape: left.shape, boxes: simplify(boxes) };
}

export function subtract(left: RequestSet, right: RequestSet): RequestSet {
  const boxes = boxesOf(left.shape, right).reduce<readonly Box[]>(
    (rest, hole) => simplify(rest.flatMap((box) => subtractBox(box, hole))),
    left.boxes,
  );
  return { shape: left.shape, boxes };
}

export function complement(set: RequestSet): RequestSet {
  return subtract(fullSet(set.shape), set);
}

export function isEmpty(set: RequestSet): boolean {
  return set.boxes.length === 0;
}

/** Whether every request of `inner` is in `outer`. */
export function includes(outer: RequestSet, inner: RequestSet): boolean {
  return isEmpty(subtract(inner, outer));
}

export function equals(left: RequestSet, right: RequestSet): boolean {
  return includes(left, right) && includes(right, left);
}

/** The atoms of one request of the set, the first in every dimension. `undefined` when there is none. */
export function anyMember(set: RequestSet): readonly number[] | undefined {
  return set.boxes[0]?.map(firstOf);
}

/** The set of that one request; empty when there is none. */
export function oneOf(set: RequestSet): RequestSet {
  return { shape: set.shape, boxes: set.boxes.slice(0, 1).map((box) => box.map((bits) => bits & -bits)) };
}

export function contains(set: RequestSet, member: readonly number[]): boolean {
  return set.boxes.some((box) =>
    box.every((bits, dimension) => ((bits >> BigInt(member[dimension] ?? 0)) & 1n) === 1n),
  );
}

function boxesOf(shape: Shape, set: RequestSet): readonly Box[] {
  assert(set.shape === shape, 'sets of different spaces meet');
  return set.boxes;
}

function intersectBoxes(left: Box, right: Box): readonly Box[] {
  const box = left.map((bits, dimension) => bits & (right[dimension] ?? none));
  return box.includes(none) ? [] : [box];
}

/** What is left of a box without another: at most one disjoint box a dimension. */
function subtractBox(box: Box, hole: Box): readonly Box[] {
  if (intersectBoxes(box, hole).length === 0) return [box];
  const rest: Box[] = [];
  let inside = box;
  for (const [dimension, bits] of box.entries()) {
    const cut = hole[dimension] ?? none;
    const outside = bits & ~cut;
    if (outside !== none) rest.push(inside.with(dimension, outside));
    inside = inside.with(dimension, bits & cut);
  }
  return rest;
}

/** Drops boxes that lie within another, and joins boxes that differ in one dimension only, until nothing changes. */
function simplify(boxes: readonly Box[]): readonly Box[] {
  const kept: Box[] = [];
  for (const box of boxes) absorb(kept, box);
  return kept;
}

function absorb(kept: Box[], box: Box): void {
  for (const [index, other] of kept.entries()) {
    const joined = join(other, box);
    if (joined === undefined) continue;
    kept.splice(index, 1);
    absorb(kept, joined);
    return;
  }
  kept.push(box);
}

/** The union of two boxes where that is a box itself. */
function join(left: Box, right: Box): Box | undefined {
  const differing = left.flatMap((bits, dimension) => (bits === right[dimension] ? [] : [dimension]));
  const [dimension, ...others] = differing;
  if (dimension === undefined) return left;
  if (others.length === 0) return left.with(dimension, (left[dimension] ?? none) | (right[dimension] ?? none));
  if (differing.every((at) => isWithin(right[at], left[at]))) return left;
  return differing.every((at) => isWithin(left[at], right[at])) ? right : undefined;
}

function isWithin(inner: Bits | undefined, outer: Bits | undefined): boolean {
  return ((inner ?? none) & ~(outer ?? none)) === none;
}
