import type { Path } from '../parse/document.js';

/** The part of JSON Schema in which Ambit's documents are described. */
export interface Schema {
  readonly description?: string;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema | false>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** All that is said of the value at a path of a document of some kind: each alternative by itself, references followed. */
export function schemasAt(root: Schema, kind: string, path: Path): readonly Schema[] {
  const start = root.definitions?.[kind];
  return path.reduce<readonly Schema[]>(
    (schemas, step) => schemas.flatMap((schema) => below(root, schema, step)),
    start === undefined ? [] : alternatives(root, start),
  );
}

/** What a field is for: said where it is declared, else of all values like it. */
export function descriptionOf(schemas: readonly Schema[]): string | undefined {
  return schemas.find(({ description }) => description !== undefined)?.description;
}

/** The fields that an object may have. */
export function fieldsOf(root: Schema, schemas: readonly Schema[]): ReadonlyMap<string, readonly Schema[]> {
  const fields = new Map<string, readonly Schema[]>();
  for (const { properties = {} } of schemas) {
    for (const [name, schema] of Object.entries(properties)) {
      if (schema !== false) fields.set(name, [...(fields.get(name) ?? []), ...alternatives(root, schema)]);
    }
  }
  return fields;
}

/** The words that a value may be. */
export function wordsOf(schemas: readonly Schema[]): readonly string[] {
  const words = schemas.flatMap(({ enum: values = [], const: value, type }) => [
    ...values,
    ...(value === undefined ? [] : [value]),
    ...(type === 'boolean' ? [true, false] : []),
  ]);
  return [...new Set(words.map(String))];
}

/** An object or a list, which is written below its field. */
export function isNested(schemas: readonly Schema[]): boolean {
  return schemas.some(({ type }) => type === 'object' || type === 'array');
}

function below(
  root: Schema,
  { properties, additionalProperties, items }: Schema,
  step: string | number,
): readonly Schema[] {
  if (typeof step === 'number') return items === undefined ? [] : alternatives(root, items);
  const declared =
    properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : additionalProperties;
  return typeof declared === 'object' ? alternatives(root, declared) : [];
}

/** What stands beside a reference or a choice is said of whatever it leads to. */
function alternatives(root: Schema, schema: Schema): readonly Schema[] {
  const { $ref, anyOf = [], oneOf = [], allOf = [] } = schema;
  const choices = [...anyOf, ...oneOf, ...allOf, ...($ref === undefined ? [] : [referred(root, $ref)])];
  return [schema, ...choices.flatMap((each) => alternatives(root, each))];
}

function referred(root: Schema, reference: string): Schema {
  const steps = reference.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>((value, step) => Object(value)[step], root) as Schema;
}
