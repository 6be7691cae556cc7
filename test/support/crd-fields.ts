import { loadAll } from 'js-yaml';

/**
 * The fields of a mapping by name; `null` for what may hold anything, or nothing further. Lists are as their items, and
 * `*` is every name of a mapping whose names are free.
 */
export interface Fields {
  readonly [name: string]: Fields | null;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface Definition {
  readonly kind?: string;
  readonly spec?: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: ReadonlyArray<{ readonly schema: { readonly openAPIV3Schema: Schema } }>;
  };
}

/** What a stream of CustomResourceDefinitions says of the fields of each `group/Kind`, its versions taken together. */
export function fieldsOfDefinitions(text: string): Readonly<Record<string, Fields>> {
  const definitions = loadAll(text).map((document) => Object(document) as Definition);
  const kinds = definitions.flatMap(({ kind, spec }) => {
    if (kind !== 'CustomResourceDefinition' || spec === undefined) return [];
    const versions = spec.versions.map(({ schema }) => fieldsOf(schema.openAPIV3Schema) ?? {});
    const { apiVersion, kind: ownKind, metadata, status, ...fields } = together(versions) ?? {};
    return [
      [`${spec.group}/${spec.names.kind}`, { ...fields, ...(status !== undefined && { status: null }) }] as const,
    ];
  });
  return Object.fromEntries(kinds);
}

function fieldsOf({ properties, items, additionalProperties }: Schema): Fields | null {
  if (items !== undefined) return fieldsOf(items);
  if (typeof additionalProperties === 'object') {
    const each = fieldsOf(additionalProperties);
    return each && { '*': each };
  }
  if (properties === undefined) return null;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fieldsOf(schema)]));
}

/** What is a field in one of them is a field. */
export function together(all: ReadonlyArray<Fields | null>): Fields | null {
  if (all.some((fields) => fields === null)) return null;
  const names = [...new Set(all.flatMap((fields) => Object.keys(fields ?? {})))].sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      together(all.flatMap((fields) => (fields && name in fields ? [fields[name] ?? null] : []))),
    ]),
  );
}

/** The fields of one kind in several releases, oldest first: what came later carries the release, `field@1.31`. */
export function acrossReleases(
  releases: ReadonlyArray<readonly [release: string, fields: Fields | null]>,
): Fields | null {
  const [oldest] = releases;
  if (oldest === undefined || releases.some(([, fields]) => fields === null)) return null;
  const names = [...new Set(releases.flatMap(([, fields]) => Object.keys(fields ?? {})))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const having = releases.filter(([, fields]) => fields !== null && name in fields);
      const [first] = having;
      const since = first === undefined || first === oldest ? name : `${name}@${first[0]}`;
      return [since, acrossReleases(having.map(([release, fields]) => [release, fields?.[name] ?? null]))];
    }),
  );
}
