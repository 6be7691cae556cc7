import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { assertNever } from '../../util/assert.js';
import { suggest } from '../../util/suggest.js';
import { type Complaint, complaintWhen } from './complaint.js';

/** What the API server takes for a field: the part of a resource's schema that decides whether it gets in. */
export type Shape =
  | { readonly kind: 'anything' }
  | { readonly kind: 'flag' }
  | TextShape
  | NumberShape
  | ListShape
  | { readonly kind: 'map'; readonly of: Shape; readonly atMost: number }
  | ObjectShape;

export interface TextShape {
  readonly kind: 'text';
  readonly oneOf: readonly string[] | undefined;
  readonly pattern?: RegExp | undefined;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface NumberShape {
  readonly kind: 'number';
  readonly isWhole: boolean;
  readonly least: number;
  readonly most: number;
}

export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly atLeast: number;
  readonly atMost: number;
  /** The fields that tell items apart; none where these are themselves, and `undefined` where they may be alike. */
  readonly keys: readonly string[] | undefined;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** Fields of which one at most is written, by groups. */
  readonly exclusive: ReadonlyArray<readonly string[]>;
  /** Whether there may be other fields: what becomes of them is told elsewhere. */
  readonly isOpen: boolean;
}

export const text: Shape = { kind: 'text', oneOf: undefined };
export const flag: Shape = { kind: 'flag' };

export function oneOf(...words: readonly string[]): Shape {
  return { kind: 'text', oneOf: words };
}

export function listOf(of: Shape, atMost = Number.POSITIVE_INFINITY): Shape {
  return { kind: 'list', of, atLeast: 0, atMost, keys: undefined };
}

export function mapOf(of: Shape): Shape {
  return { kind: 'map', of, atMost: Number.POSITIVE_INFINITY };
}

export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  return { kind: 'object', fields, required: [], exclusive: [], isOpen: false };
}

/** Everything in which a value is not of a shape. A field that is null counts as absent, an item of a list does not. */
export function misfits(value: JsonValue, shape: Shape, place: Path): readonly Complaint[] {
  switch (shape.kind) {
    case 'anything':
      return [];
    case 'text':
      return misfitsOfText(value, shape, place);
    case 'number':
      return misfitsOfNumber(value, shape, place);
    case 'flag':
      return complaintWhen(typeof value !== 'boolean', place, `${written(value)} is neither true nor false`);
    case 'list':
      return misfitsOfList(value, shape, place);
    case 'map':
    case 'object':
      return misfitsOfFields(value, shape, place);
    default:
      return assertNever(shape);
  }
}

function misfitsOfText(value: JsonValue, shape: TextShape, place: Path): readonly Complaint[] {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return [{ place, why: `${written(value)} is a ${typeof value} and has to be a text, in quotes` }];
  }
  if (typeof value !== 'string') return [{ place, why: `${written(value)} is no text` }];
  const { oneOf: words, pattern, atLeast = 0, atMost = Number.POSITIVE_INFINITY } = shape;
  if (words !== undefined) {
    const listed = words.map((word) => `\`${word}\``).join(', ');
    return complaintWhen(!words.includes(value), place, `\`${value}\` is none of ${listed}`);
  }
  if (value.length < atLeast) return [{ place, why: value === '' ? 'the text is empty' : `\`${value}\` is too short` }];
  if (value.length > atMost) {
    return [{ place, why: `\`${value.slice(0, 40)}…\` is longer than ${atMost} characters` }];
  }
  return complaintWhen(pattern?.test(value) === false, place, `\`${value}\` does not match \`${pattern?.source}\``);
}

function misfitsOfNumber(value: JsonValue, { isWhole, least, most }: NumberShape, place: Path): readonly Complaint[] {
  if (typeof value !== 'number') return [{ place, why: `${written(value)} is no number` }];
  if (isWhole && !Number.isInteger(value)) return [{ place, why: `${value} is no whole number` }];
  if (value < least) return [{ place, why: `${value} is less than ${least}` }];
  return complaintWhen(value > most, place, `${value} is more than ${most}`);
}

function misfitsOfList(value: JsonValue, shape: ListShape, place: Path): readonly Complaint[] {
  if (!Array.isArray(value)) return [{ place, why: `${written(value)} is no list` }];
  const items: readonly JsonValue[] = value;
  const { of, atLeast, atMost, keys } = shape;
  const name = place.findLast((step) => typeof step === 'string');
  return [
    ...complaintWhen(items.length < atLeast, place, `\`${name}\` needs at least ${countOf(atLeast)}`),
    ...complaintWhen(items.length > atMost, place, `\`${name}\` takes at most ${countOf(atMost)}`),
    ...items.flatMap((item, index) => misfits(item, of, [...place, index])),
    ...(keys === undefined ? [] : repetitions(items, keys, place)),
  ];
}

function countOf(items: number): string {
  return items === 1 ? '1 item' : `${items} items`;
}

function repetitions(items: readonly JsonValue[], keys: readonly string[], place: Path): readonly Complaint[] {
  const named = items.map((item) => (keys.length === 0 ? item : keys.map((key) => fieldsOf(item)?.[key])));
  const texts = named.map((name) => JSON.stringify(name));
  return named.flatMap((name, index) => {
    const said = [name].flat().map(String).join(' ');
    return complaintWhen(texts.indexOf(texts[index] ?? '') < index, [...place, index], `\`${said}\` is there twice`);
  });
}

function misfitsOfFields(
  value: JsonValue,
  shape: ObjectShape | (Shape & { kind: 'map' }),
  place: Path,
): readonly Complaint[] {
  const fields = fieldsOf(value);
  if (fields === undefined) return [{ place, why: `${written(value)} is no mapping` }];
  const given = Object.entries(fields).filter(([, field]) => field !== null);
  if (shape.kind === 'map') {
    const { of, atMost } = shape;
    return [
      ...complaintWhen(given.length > atMost, place, `at most ${atMost} items are allowed`),
      ...given.flatMap(([name, field]) => misfits(field, of, [...place, name])),
    ];
  }
  return [
    ...misfitsTogether(new Set(given.map(([name]) => name)), shape, place),
    ...misfitsOfEach(fields, shape, place),
  ];
}

/** What is wrong with which fields are written. */
function misfitsTogether(given: ReadonlySet<string>, shape: ObjectShape, place: Path): readonly Complaint[] {
  const missing = shape.required.filter((name) => !given.has(name));
  return [
    ...missing.map((name) => ({ place, why: `\`${name}\` is missing` })),
    ...shape.exclusive.flatMap((group) => {
      const both = group.filter((name) => given.has(name));
      const listed = both.map((name) => `\`${name}\``).join(' and ');
      return complaintWhen(both.length > 1, place, `${listed} exclude each other`);
    }),
  ];
}

function misfitsOfEach(fields: JsonObject, shape: ObjectShape, place: Path): readonly Complaint[] {
  return Object.entries(fields).flatMap(([name, field]): readonly Complaint[] => {
    const known = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    const here = [...place, name];
    if (known === undefined) return shape.isOpen ? [] : [unknownField(here, name, Object.keys(shape.fields))];
    return field === null ? [] : misfits(field, known, here);
  });
}

function fieldsOf(value: JsonValue): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function unknownField(place: Path, name: string, known: readonly string[]): Complaint {
  const near = suggest(name, known).map((field) => `\`${field}\``);
  const help = near.length === 0 ? {} : { help: `did you mean ${near.join(' or ')}?` };
  return { place, why: `there is no field \`${name}\` here`, isUnknownField: true, ...help };
}

/** What is in a mapping or a list is left out: it may be long, and it may be a key. */
function written(value: JsonValue): string {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return `\`${JSON.stringify(value)}\``;
  return Array.isArray(value) ? '`[…]`' : '`{…}`';
}
