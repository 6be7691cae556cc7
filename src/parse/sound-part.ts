import type { ErrorObject } from 'ajv';
import { suggest } from '../util/suggest.js';
import { schemaFaults } from './check-schema.js';
import { fieldsOf, pathOf } from './describe-fault.js';
import type { Document, Path } from './document.js';
import type { Kind } from './kinds.js';

/** A document as far as its schema accepts it. */
interface SoundPart {
  /** Absent where nothing can be read; its places are those of the text. */
  readonly document: Document | undefined;
  /** What was left out, by the place in the text where it belongs. */
  readonly leftOut: readonly Path[];
}

/** Leaves out what the schema does not accept, and what cannot be without it, until it accepts the rest. */
export function soundPart(document: Document, kind: Kind): SoundPart {
  const faults = schemaFaults(document.value, kind);
  if (faults.length === 0) return { document, leftOut: [] };
  const places = faults.map((fault) => unitOf(placeOf(fault, document.value)));
  if (places.some((place) => place.length === 0)) return { document: undefined, leftOut: [[]] };
  const meant = faults.map((fault) => unitOf(meantPlace(fault, document.value)));
  const removed = new Set(places.map(keyOf));
  const original = (path: Path) => placeBefore(path, removed);
  const rest: Document = {
    ...document,
    value: without(document.value, removed, []),
    spanOf: (path, part) => document.spanOf(original(path), part),
  };
  const inner = soundPart(rest, kind);
  return { document: inner.document, leftOut: [...meant, ...inner.leftOut.map(original)] };
}

function placeOf({ instancePath, propertyName, keyword, params }: ErrorObject, root: unknown): Path {
  const owner = pathOf(instancePath, root);
  if (propertyName !== undefined) return [...owner, propertyName];
  if (keyword === 'additionalProperties') return [...owner, params.additionalProperty];
  return keyword === 'dependencies' ? [...owner, params.property] : owner;
}

/** What an unknown field was to be: the one that it nearly is, or any of those that are not written. */
function meantPlace(fault: ErrorObject, root: unknown): Path {
  if (fault.keyword !== 'additionalProperties') return placeOf(fault, root);
  const owner = pathOf(fault.instancePath, root);
  const [near] = suggest(fault.params.additionalProperty, fieldsOf(fault));
  return near === undefined ? owner : [...owner, near];
}

/** Fields without which all that stands beside them means the same. */
const aside: ReadonlySet<string | number> = new Set(['from', 'accept', 'reason', 'owner', 'ticket']);

/** A scope and an item of a list are said as a whole: half a target would be a wider one. */
function unitOf(path: Path): Path {
  if (path[0] === 'spec' && path[1] === 'scope') return path.slice(0, 2);
  const item = path.findLastIndex((step) => typeof step === 'number');
  const field = path.findLastIndex((step) => aside.has(step));
  return item === -1 ? path : path.slice(0, Math.max(item, field) + 1);
}

type Removed = ReadonlySet<string>;

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function without(value: unknown, removed: Removed, path: Path): unknown {
  const rest = (key: string | number, inner: unknown): unknown[] => {
    const place = [...path, key];
    return removed.has(keyOf(place)) ? [] : [without(inner, removed, place)];
  };
  if (Array.isArray(value)) return value.flatMap((item, index) => rest(index, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => rest(key, inner).map((kept) => [key, kept])),
  );
}

/** Where something stood while what is removed was there. */
function placeBefore(path: Path, removed: Removed): Path {
  const before: Array<string | number> = [];
  for (const step of path) before.push(typeof step === 'number' ? indexBefore(before, step, removed) : step);
  return before;
}

function indexBefore(list: Path, index: number, removed: Removed): number {
  let before = -1;
  for (let left = index; left >= 0; before += 1) if (!removed.has(keyOf([...list, before + 1]))) left -= 1;
  return before;
}
