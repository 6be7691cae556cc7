import { emptySet, type RequestSet, type Shape, union } from './request-set.js';

/** Many sets, of which the union of all but a few is wanted again and again. */
export interface UnionTree {
  /** The union of all sets but those at some places. */
  without(places: ReadonlySet<number>): RequestSet;
}

/** A half of some sets, with the union of all of them. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly all: RequestSet;
  readonly halves: readonly Part[];
}

/** Joins sets by halves, halves of halves and so on, so that only the parts around a place are joined anew without it. */
export function unionTree(shape: Shape, sets: readonly RequestSet[]): UnionTree {
  const whole = partOf(shape, sets, 0, sets.length);
  return {
    without: (places) => {
      const sorted = [...places].sort((left, right) => left - right);
      return restOf(shape, whole, sorted);
    },
  };
}

function partOf(shape: Shape, sets: readonly RequestSet[], from: number, to: number): Part {
  if (to - from < 2) return { from, to, all: sets[from] ?? emptySet(shape), halves: [] };
  const middle = (from + to) >> 1;
  const halves = [partOf(shape, sets, from, middle), partOf(shape, sets, middle, to)];
  return { from, to, all: union(emptySet(shape), ...halves.map(({ all }) => all)), halves };
}

function restOf(shape: Shape, { from, to, all, halves }: Part, places: readonly number[]): RequestSet {
  const inside = places.filter((place) => place >= from && place < to);
  if (inside.length === 0) return all;
  if (inside.length === to - from) return emptySet(shape);
  return union(emptySet(shape), ...halves.map((half) => restOf(shape, half, inside)));
}
