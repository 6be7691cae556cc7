import type { JsonValue } from '../../../../src/parse/document.js';
import type { Cluster } from '../../../../src/topology/model.js';
import { at, cut, type Emitted, kindOf, listOf, objectOf, put, type Way } from '../emitted.js';
import type { Mutation, Variant } from '../mutation.js';
import { changed } from '../mutation.js';

/** A value in an object, and all that a change may ask about it. */
export interface Place {
  readonly emitted: Emitted;
  readonly way: Way;
  readonly value: JsonValue | undefined;
  readonly cluster: Cluster;
}

/** Objects with one place changed, and how. */
export type Change = (place: Place) => readonly Variant[];

/**
 * A mutation of the objects of some kinds at every place that a pattern leads to: names with dots between them, `*` for
 * every item or field, `a|b` for either. A last name that is not there yet is a place as well.
 */
export function mutation(kind: string, objects: string, patterns: readonly string[], change: Change): Mutation {
  const kinds = objects.split('|');
  return {
    kind,
    variants: (emitted, cluster) => {
      if (!kinds.includes(kindOf(emitted))) return [];
      const ways = patterns.flatMap((pattern) => waysTo(emitted.value, pattern === '' ? [] : pattern.split('.')));
      return ways.flatMap((way) => change({ emitted, way, value: at(emitted.value, way), cluster }));
    },
  };
}

function waysTo(value: JsonValue | undefined, pattern: readonly string[]): readonly Way[] {
  const [first, ...rest] = pattern;
  if (first === undefined) return [[]];
  return keysAt(value, first, rest.length === 0).flatMap((key) =>
    waysTo(at(value, [key]), rest).map((way) => [key, ...way]),
  );
}

function keysAt(value: JsonValue | undefined, name: string, isLast: boolean): Way {
  if (value === undefined) return [];
  if (name === '*') return Array.isArray(value) ? [...value.keys()] : Object.keys(objectOf(value));
  return name.split('|').filter((each) => isLast || at(value, [each]) !== undefined);
}

/** Without what stands there. */
export const dropped: Change = ({ emitted, way, value }) =>
  value === undefined ? [] : [changed(emitted, `without ${way.join('.')}`, cut(emitted.value, way))];

/** All that stands there, one after the other; the last that is left stays. */
export const droppedBesideOthers: Change = (place) =>
  listOf(at(place.emitted.value, place.way.slice(0, -1))).length < 2 ? [] : dropped(place);

/** Behind the next one of its list. */
export const afterTheNext: Change = ({ emitted, way, value }) => {
  const index = Number(way.at(-1));
  const next = [...way.slice(0, -1), index + 1];
  const other = at(emitted.value, next);
  if (value === undefined || other === undefined) return [];
  return [changed(emitted, `${way.join('.')} behind the next`, put(put(emitted.value, way, other), next, value))];
};

/** Other values in place of one that is there. */
export function replaced(by: (value: JsonValue, place: Place) => ReadonlyArray<JsonValue | undefined>): Change {
  return (place) => (place.value === undefined ? [] : valuesOf(place, by(place.value, place)));
}

/** A value where there may be none yet. */
export function written(...values: readonly JsonValue[]): Change {
  return (place) => valuesOf(place, values);
}

/** A value where there is none. */
export function added(...values: readonly JsonValue[]): Change {
  return (place) => (place.value === undefined ? valuesOf(place, values) : []);
}

function valuesOf({ emitted, way, value }: Place, values: ReadonlyArray<JsonValue | undefined>): readonly Variant[] {
  const others = values.filter((other) => JSON.stringify(other) !== JSON.stringify(value));
  return others.map((other) =>
    changed(emitted, `${way.join('.')} ${JSON.stringify(other)}`, put(emitted.value, way, other)),
  );
}

/** The value under another name of the same parent. */
export function renamed(from: string, to: string): Change {
  return ({ emitted, way, value }) => {
    const parent = way.slice(0, -1);
    if (way.at(-1) !== from || value === undefined || at(emitted.value, [...parent, to]) !== undefined) return [];
    const moved = put(cut(emitted.value, way), [...parent, to], value);
    return [changed(emitted, `${way.join('.')} as ${to}`, moved)];
  };
}

/** The object is not there. */
export const objectRemoved: Change = () => [{ what: 'removed', instead: [] }];
