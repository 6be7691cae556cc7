import type { JsonObject, JsonValue } from '../../../src/parse/document.js';

/** An emitted object with one thing in it that is otherwise. */
export interface Mutant {
  readonly what: string;
  readonly value: JsonObject;
}

type Step = string | number;

/** Each value below a place changed, each part left out, and each pair of neighbours of a list the other way round. */
export function mutantsOf(object: JsonObject, below: readonly Step[]): readonly Mutant[] {
  return placesBelow(at(object, below), below).flatMap((place) => {
    const name = place.join('.');
    const value = at(object, place);
    return [
      ...othersOf(value, place).map((other) => ({
        what: `${name} ${JSON.stringify(other)}`,
        value: put(object, place, other),
      })),
      { what: `${name} left out`, value: put(object, place, undefined) },
      ...(Array.isArray(value)
        ? swapped(value).map((other, index) => ({
            what: `${name} ${index} behind the next`,
            value: put(object, place, other),
          }))
        : []),
    ];
  });
}

function placesBelow(value: JsonValue | undefined, place: readonly Step[]): ReadonlyArray<readonly Step[]> {
  if (typeof value !== 'object' || value === null) return [];
  const steps: readonly Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return steps.flatMap((step) => {
    const inner = [...place, step];
    return [inner, ...placesBelow((value as Record<Step, JsonValue>)[step], inner)];
  });
}

const kinds: Readonly<Record<string, readonly string[]>> = {
  exact: ['prefix', 'regex'],
  prefix: ['exact'],
  regex: ['exact'],
  Exact: ['PathPrefix', 'RegularExpression'],
  PathPrefix: ['Exact'],
  RegularExpression: ['Exact'],
};

/** Texts go on, numbers are one more, and a match is of another kind. */
function othersOf(value: JsonValue | undefined, place: readonly Step[]): readonly JsonValue[] {
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'string') {
    if (place.at(-1) === 'type' && value in kinds) return kinds[value] ?? [];
    return [/^\d+ms$|^\d+s$/.test(value) ? `1${value}` : `${value}x`];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const [[kind, text] = [], ...others] = Object.entries(value);
  if (kind === undefined || others.length > 0 || typeof text !== 'string') return [];
  return (kinds[kind] ?? []).map((other) => ({ [other]: text }));
}

function swapped(list: readonly JsonValue[]): readonly JsonValue[][] {
  return list
    .slice(1)
    .map((second, index) => [...list.slice(0, index), second, list[index] as JsonValue, ...list.slice(index + 2)]);
}

function at(value: JsonValue | undefined, place: readonly Step[]): JsonValue | undefined {
  return place.reduce<JsonValue | undefined>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<Step, JsonValue>)[step] : undefined,
    value,
  );
}

/** A copy with another value at a place, or with none. */
function put(object: JsonObject, place: readonly Step[], value: JsonValue | undefined): JsonObject {
  const copy = structuredClone(object) as JsonObject;
  const parent = at(copy, place.slice(0, -1));
  const last = place.at(-1) ?? '';
  if (Array.isArray(parent) && value === undefined) parent.splice(Number(last), 1);
  else if (value === undefined) delete (parent as Record<Step, JsonValue>)[last];
  else (parent as Record<Step, JsonValue>)[last] = value;
  return copy;
}
