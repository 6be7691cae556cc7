import type { Recall } from './memory.js';
import { oncePerObject } from './once.js';

/**
 * Whether two values say the same: texts, numbers, lists and plain objects by what is in them and in which order, anything
 * else by identity.
 */
export function isAlike(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) if (!isAlike(left[index], right[index])) return false;
    return true;
  }
  if (!isPlain(left) || !isPlain(right)) return false;
  const [keys, others] = [Object.keys(left), Object.keys(right)];
  if (keys.length !== others.length) return false;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    if (key !== others[index] || !isAlike(left[key], right[key])) return false;
  }
  return true;
}

/**
 * A value that says what the one of an earlier run said is that one, so that whatever follows from it is known; what of it
 * somebody may tell apart by identity is given as `inputs`, and has to be the very same.
 */
export function asBefore<V>(recall: Recall, what: string, of: string, inputs: readonly unknown[], value: V): V {
  return handedOn(
    recall(what, of, inputs, (): Last<V> => ({ value: undefined })),
    value,
  );
}

/** The same for what is said of each of many objects: what was said of one before is found by the object itself. */
export function asBeforeOfEach<A extends object, V>(): (object: A, value: V) => V {
  const lastOf = oncePerObject((_: A): Last<V> => ({ value: undefined }));
  return (object, value) => handedOn(lastOf(object), value);
}

interface Last<V> {
  value: V | undefined;
}

function handedOn<V>(last: Last<V>, value: V): V {
  if (last.value !== undefined && isAlike(last.value, value)) return last.value;
  last.value = value;
  if (isObject(value)) kept.add(value);
  return value;
}

const kept = new WeakSet<object>();

/** Whether a value is itself one that an earlier run handed on: nobody need look for it. */
export function isAsBefore(value: object): boolean {
  return kept.has(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}
