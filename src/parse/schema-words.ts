import type { ErrorObject } from 'ajv';
import type { Path } from './document.js';

/** A path as people write it, in backticks: `spec.allow[0].name`. */
export function named(path: Path): string {
  if (path.length === 0) return 'the document';
  const [first, ...rest] = path;
  return quoted([first, ...rest.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))].join(''));
}

/** A value in a sentence: short ones as they are, others by what they are. */
export function describeValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `the ${typeof value} ${quoted(String(value))}`;
  return value === '' ? 'empty text' : quoted(value.length > 60 ? `${value.slice(0, 57)}…` : value);
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  object: 'an object',
};

export function describeType(type: string): string {
  return typeWords[type] ?? type;
}

/** One alternative of an `anyOf`: words, or values of a type. */
export interface Branch {
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly type?: string;
  readonly properties?: object;
}

/** What the branches of an `anyOf` take: words, and other types of values. */
export function describeBranches(branches: readonly Branch[]): { readonly words: string[]; readonly types: string[] } {
  const types = branches.flatMap(({ type, properties }) => {
    if (type === undefined) return [];
    if (properties === undefined) return [describeType(type)];
    return [`an object with one of ${listed(Object.keys(properties).map(quoted), 'or')}`];
  });
  return { words: branches.flatMap((branch) => branch.enum ?? branch.const ?? []), types };
}

/** What a patterned value has to look like, as its schema describes it. */
export function requirement({ parentSchema }: ErrorObject): string | undefined {
  const description: unknown = parentSchema?.description;
  if (parentSchema?.pattern === undefined || typeof description !== 'string') return undefined;
  return description.replace(/\.$/, '').replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(items: readonly string[], word: 'and' | 'or'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

export function quoted(text: string): string {
  return `\`${text}\``;
}
