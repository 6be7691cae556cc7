import { asObject } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';

/** Collects what an object says that has no words here. */
export type Refuse = (because: string) => undefined;

/** What hosts and numbers mean where they are written. */
export interface TrafficNames {
  /** The key of the Service that has a host, where there is one. */
  readonly service: (host: string) => string | undefined;
  /** Likewise by its name, and by its namespace where that is another than the one where it is written. */
  readonly backend: (name: string, namespace: string | undefined) => string | undefined;
  /** A port of a Service by its name, where it has one. */
  readonly port: (service: string, number: JsonValue) => JsonValue;
}

/** Which path of fields in an object is said by which field of an intent. */
export type Words = ReadonlyArray<readonly [path: string, word: string]>;

/** Refuses the fields of a mapping that are none of some. */
export function refuseOthers(value: JsonValue | undefined, known: readonly string[], of: string, refuse: Refuse): void {
  const foreign = Object.keys(asObject(value) ?? {}).find((field) => !known.includes(field));
  if (foreign !== undefined) refuse(`\`${foreign}\` of ${of} is not imported`);
}

/** The fields of an object under other names; each that has none is refused. */
export function renamed(value: JsonValue | undefined, words: Words, of: string, refuse: Refuse): JsonObject {
  const found = leavesOf(value ?? {}).flatMap(([path, leaf]): Array<[string, JsonValue]> => {
    const word = words.find(([field]) => field === path)?.[1];
    if (word === undefined) refuse(`\`${path}\` of ${of} is not imported`);
    return word === undefined ? [] : [[word, leaf]];
  });
  const isSaidTwice = new Set(found.map(([word]) => word)).size < found.length;
  if (isSaidTwice) refuse(`${of} says the same in two fields`);
  return Object.fromEntries(found);
}

/** What stands at the ends of all paths; lists are ends. */
function leavesOf(value: JsonValue, path = ''): ReadonlyArray<readonly [string, JsonValue]> {
  const mapping = asObject(value);
  if (mapping === undefined) return [[path, value]];
  return Object.entries(mapping).flatMap(([name, each]) =>
    each === undefined ? [] : leavesOf(each, path === '' ? name : `${path}.${name}`),
  );
}

/** A part of settings, where it says anything. */
export function where(name: string, part: JsonObject): JsonObject {
  return Object.keys(part).length === 0 ? {} : { [name]: part };
}
