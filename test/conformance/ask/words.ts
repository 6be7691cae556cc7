import type { JsonObject, JsonValue } from '../../../src/parse/document.js';

/**
 * What policies and token settings mention, by where they do: `paths`, `ipBlocks`, `issuer`, `request.headers[x-env]`.
 * `notX` is noted as `x`.
 */
export type Words = ReadonlyMap<string, readonly string[]>;

export function wordsOf(objects: readonly JsonObject[]): Words {
  const words = new Map<string, Set<string>>();
  const note = (field: string, value: string) => words.set(field, (words.get(field) ?? new Set()).add(value));
  for (const { kind, spec } of objects) if (kinds.has(String(kind))) walk(spec ?? null, '', note);
  return new Map([...words].map(([field, values]) => [field, [...values]]));
}

const kinds: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'RequestAuthentication']);

export function wordsIn(words: Words, ...fields: readonly string[]): readonly string[] {
  return fields.flatMap((field) => words.get(field) ?? []);
}

/** The words of fields whose name has something in brackets, by what it is: header names, claims by path. */
export function wordsByName(words: Words, attribute: string): ReadonlyArray<readonly [string, readonly string[]]> {
  return [...words].flatMap(([field, values]): Array<readonly [string, readonly string[]]> => {
    const name = field.startsWith(`${attribute}[`) ? field.slice(attribute.length + 1, -1) : undefined;
    return name === undefined ? [] : [[name.split('][').join('.'), values]];
  });
}

function walk(value: JsonValue, field: string, note: (field: string, value: string) => void): void {
  if (typeof value === 'string') note(field, value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, field === 'fromHeaders' ? `${field}.` : field, note);
    return;
  }
  const { key } = value as JsonObject;
  for (const [name, child] of Object.entries(value)) {
    if (name === 'key') continue;
    const within = field.endsWith('.') ? `${field}${name}` : positive(name);
    walk(child, typeof key === 'string' && /values$/i.test(name) ? key : within, note);
  }
}

function positive(name: string): string {
  return name.replace(/^not([A-Z])/, (_, letter: string) => letter.toLowerCase());
}
