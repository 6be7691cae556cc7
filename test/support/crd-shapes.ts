import type { CrdSchema } from './admission/crd-schema.js';

/** A shape as `src/topology/schemas/schemas.json` writes it, with what is shared put in its place. */
export type Written = string | { readonly [key: string]: unknown };

interface Schema {
  readonly type: string | undefined;
  readonly bounds: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  readonly groups: readonly string[];
  readonly fields: Readonly<Record<string, Schema>> | undefined;
  readonly of: Schema | undefined;
}

/** What all schemas ask for, as it is written. Fields that one alone has are asked for as it does. */
export function writtenShape(schemas: readonly CrdSchema[]): Written {
  return written(schemas.map(reduced).reduce(together));
}

const bounds = ['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
const numbers = ['minimum', 'maximum', 'format'];

function reduced(schema: CrdSchema): Schema {
  const { type, properties, items, additionalProperties } = schema;
  const keys = { map: schema['x-kubernetes-list-map-keys'], set: [], atomic: undefined };
  const isPlain = schema['x-kubernetes-int-or-string'] !== true;
  const inner = items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  const own = [...bounds, ...numbers, 'enum'].map((name) => [name, schema[name]] as const);
  const required = (schema.required ?? []) as readonly string[];
  return {
    type: isPlain ? type : undefined,
    bounds: Object.fromEntries(
      [...own, ['keys', keys[schema['x-kubernetes-list-type'] ?? 'atomic']] as const].filter(
        ([, value]) => value !== undefined,
      ),
    ),
    // What is left out is filled in before anybody looks.
    required: required.filter((name) => properties?.[name]?.default === undefined),
    groups: groupsOf(schema),
    fields: properties && Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, reduced(each)])),
    of: inner && reduced(inner),
  };
}

/** Of which fields one at most is written: each alone, or none of them. */
function groupsOf({ oneOf, allOf }: CrdSchema): readonly string[] {
  const all = [oneOf, ...((allOf ?? []) as readonly CrdSchema[]).map((each) => each.oneOf)];
  return all.flatMap((group) => {
    const alternatives = (group ?? []) as readonly CrdSchema[];
    const [first, ...others] = alternatives;
    const names = others.flatMap((each) => (each.required ?? []) as readonly string[]);
    return first?.not === undefined || names.length < others.length ? [] : [JSON.stringify(names.sort())];
  });
}

/** The laxer of two. */
function together(left: Schema, right: Schema): Schema {
  if (left.type !== right.type) return reduced({});
  const common = Object.keys(left.bounds).filter((name) => name in right.bounds);
  const names = [...new Set([...Object.keys(left.fields ?? {}), ...Object.keys(right.fields ?? {})])];
  return {
    type: left.type,
    bounds: Object.fromEntries(
      common.flatMap((name) => {
        const value = laxer(name, left.bounds[name], right.bounds[name]);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    required: left.required.filter((name) => right.required.includes(name)),
    groups: left.groups.filter((group) => right.groups.includes(group)),
    fields:
      left.fields === undefined && right.fields === undefined
        ? undefined
        : Object.fromEntries(
            names.flatMap((name) => {
              const both = [left.fields?.[name], right.fields?.[name]].flatMap((each) => each ?? []);
              return both.length === 0 ? [] : [[name, both.reduce(together)]];
            }),
          ),
    of: left.of && right.of && together(left.of, right.of),
  };
}

function laxer(name: string, left: unknown, right: unknown): unknown {
  if (name.startsWith('min')) return Math.min(Number(left), Number(right));
  if (name.startsWith('max')) return Math.max(Number(left), Number(right));
  if (name === 'enum') return [...new Set([...(left as string[]), ...(right as string[])])];
  return JSON.stringify(left) === JSON.stringify(right) ? left : undefined;
}

function written({ type, bounds: own, required, groups, fields, of }: Schema): Written {
  switch (type) {
    case 'boolean':
      return 'flag';
    case 'string':
      return own.enum === undefined
        ? bounded('text', 'text', { atLeast: own.minLength || undefined, atMost: own.maxLength, pattern: own.pattern })
        : { oneOf: own.enum };
    case 'integer':
      // The API server does not look at the format: into as many bits Istio's webhook reads a number without bounds.
      if (own.format === 'int32' && own.minimum === undefined && own.maximum === undefined) return 'int32';
      return bounded(type, type, { least: own.minimum, most: own.maximum });
    case 'number':
      return bounded(type, type, { least: own.minimum, most: own.maximum });
    case 'array':
      return whole({
        list: of && written(of),
        atLeast: own.minItems || undefined,
        atMost: own.maxItems,
        keys: own.keys,
      });
    case 'object':
      if (of !== undefined) return whole({ map: written(of), atMost: own.maxProperties });
      if (fields === undefined || Object.keys(fields).length === 0) return 'any';
      return whole({
        fields: Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, written(each)])),
        required: required.length === 0 ? undefined : [...required].sort(),
        atMostOneOf: groups.length === 0 ? undefined : groups.map((group) => JSON.parse(group)),
      });
    default:
      return 'any';
  }
}

function bounded(word: string, name: string, limits: Readonly<Record<string, unknown>>): Written {
  const said = whole(limits);
  return Object.keys(said).length === 0 ? word : { [name]: said };
}

function whole(fields: Readonly<Record<string, unknown>>): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
