import type { JsonValue, Path } from '../../../parse/document.js';
import { assertNever } from '../../../util/assert.js';
import { suggest } from '../../../util/suggest.js';
import { asObject } from '../../json.js';
import type { Complaint } from './complaint.js';

/** What the API server takes for a field: the part of a resource's schema that decides whether it gets in. */
export type Shape =
  | { readonly kind: 'text'; readonly oneOf: readonly string[] | undefined }
  | { readonly kind: 'flag' }
  | { readonly kind: 'list'; readonly of: Shape; readonly atMost: number }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>> };

export const text: Shape = { kind: 'text', oneOf: undefined };
export const flag: Shape = { kind: 'flag' };

export function oneOf(...words: readonly string[]): Shape {
  return { kind: 'text', oneOf: words };
}

export function listOf(of: Shape, atMost = Number.POSITIVE_INFINITY): Shape {
  return { kind: 'list', of, atMost };
}

export function mapOf(of: Shape): Shape {
  return { kind: 'map', of };
}

export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  return { kind: 'object', fields };
}

/** Everything in which a value is not of a shape. A field that is null counts as absent, an item of a list does not. */
export function misfits(value: JsonValue, shape: Shape, place: Path): readonly Complaint[] {
  switch (shape.kind) {
    case 'text':
      return misfitsOfText(value, shape.oneOf, place);
    case 'flag':
      return typeof value === 'boolean' ? [] : [{ place, why: `${written(value)} is neither true nor false` }];
    case 'list':
      return misfitsOfList(value, shape, place);
    case 'map':
    case 'object':
      return misfitsOfFields(value, shape, place);
    default:
      return assertNever(shape);
  }
}

function misfitsOfText(value: JsonValue, words: readonly string[] | undefined, place: Path): readonly Complaint[] {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return [{ place, why: `${written(value)} is a ${typeof value} and has to be a text, in quotes` }];
  }
  if (typeof value !== 'string') return [{ place, why: `${written(value)} is no text` }];
  if (words === undefined || words.includes(value)) return [];
  return [{ place, why: `\`${value}\` is none of ${words.map((word) => `\`${word}\``).join(', ')}` }];
}

function misfitsOfList(value: JsonValue, { of, atMost }: Shape & { kind: 'list' }, place: Path): readonly Complaint[] {
  if (!Array.isArray(value)) return [{ place, why: `${written(value)} is no list` }];
  return [
    ...(value.length > atMost ? [{ place, why: `at most ${atMost} items are allowed` }] : []),
    ...value.flatMap((item, index) => misfits(item, of, [...place, index])),
  ];
}

function misfitsOfFields(value: JsonValue, shape: Shape & { kind: 'map' | 'object' }, place: Path) {
  const fields = asObject(value);
  if (fields === undefined) return [{ place, why: `${written(value)} is no mapping` }];
  return Object.entries(fields).flatMap(([name, field]): readonly Complaint[] => {
    const known = shape.kind === 'map' ? shape.of : Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    const here = [...place, name];
    if (known === undefined) return [unknownField(here, name, Object.keys(shape.kind === 'map' ? {} : shape.fields))];
    return field === null ? [] : misfits(field, known, here);
  });
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
