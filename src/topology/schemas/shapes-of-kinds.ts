import type { ManifestObject } from '../../parse/document.js';
import { assert } from '../../util/assert.js';
import { oncePer } from '../../util/once.js';
import type { Complaint } from './complaint.js';
import schemas from './schemas.json' with { type: 'json' };
import { flag, misfits, type Shape, text } from './shape.js';

/** A shape as it is written down: a word, `@` with the name of one that is shared, or one with bounds. */
type Written = string | WrittenShape;

interface WrittenShape {
  readonly fields?: Readonly<Record<string, Written>>;
  readonly required?: readonly string[];
  readonly atMostOneOf?: ReadonlyArray<readonly string[]>;
  readonly list?: Written;
  readonly map?: Written;
  readonly keys?: readonly string[];
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly oneOf?: readonly string[];
  readonly text?: { readonly atLeast?: number; readonly atMost?: number; readonly pattern?: string };
  readonly integer?: Bounds;
  readonly number?: Bounds;
}

interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

/**
 * By `group/Kind`, and by `group/version/Kind` where a version asks for more: what every release that has it asks for, so that
 * nothing is refused that the installed one may take.
 */
const kinds: ReadonlyMap<string, Written> = new Map(Object.entries<Written>(schemas.kinds));
const shared: Readonly<Record<string, Written>> = schemas.shared;

/** What the API server refuses in an object by the schema of its kind, whatever its fields mean; nothing of kinds that are not written down. */
export function misfitsOfSchema({ apiVersion, kind, value }: ManifestObject): readonly Complaint[] {
  const written = kinds.get(`${apiVersion}/${kind}`) ?? kinds.get(`${apiVersion.split('/')[0]}/${kind}`);
  return written === undefined ? [] : misfits(value, shapeOf(written), []);
}

const shapeOf = oncePer(read);

const sharedShape = oncePer((name: string): Shape => {
  const written = shared[name];
  assert(written !== undefined, `schemas.json names ${name}, and has no such shape`);
  return read(written);
});

const words: Readonly<Record<string, Shape>> = {
  any: { kind: 'anything' },
  flag,
  text,
  integer: numberOf(true, {}),
  // No schema says these bounds: into so many bits Istio's webhook reads the number.
  int32: numberOf(true, { least: -(2 ** 31), most: 2 ** 31 - 1 }),
  number: numberOf(false, {}),
};

function read(written: Written): Shape {
  if (typeof written !== 'string') return readBounded(written);
  if (written.startsWith('@')) return sharedShape(written.slice(1));
  const shape = words[written];
  assert(shape !== undefined, `schemas.json says ${written}, which is no shape`);
  return shape;
}

function readBounded(written: WrittenShape): Shape {
  const { fields, list, map, oneOf, atLeast = 0, atMost = Number.POSITIVE_INFINITY } = written;
  if (fields !== undefined) {
    const { required = [], atMostOneOf: exclusive = [] } = written;
    const shapes = Object.entries(fields).map(([name, field]) => [name, read(field)] as const);
    return { kind: 'object', fields: Object.fromEntries(shapes), required, exclusive, isOpen: true };
  }
  if (list !== undefined) return { kind: 'list', of: read(list), atLeast, atMost, keys: written.keys };
  if (map !== undefined) return { kind: 'map', of: read(map), atMost };
  if (oneOf !== undefined) return { kind: 'text', oneOf };
  if (written.text !== undefined) {
    const { pattern, ...lengths } = written.text;
    return {
      kind: 'text',
      oneOf: undefined,
      pattern: pattern === undefined ? undefined : new RegExp(pattern),
      ...lengths,
    };
  }
  return written.integer === undefined ? numberOf(false, written.number ?? {}) : numberOf(true, written.integer);
}

function numberOf(
  isWhole: boolean,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Bounds,
): Shape {
  return { kind: 'number', isWhole, least, most };
}
