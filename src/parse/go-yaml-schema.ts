import { FAILSAFE_SCHEMA, Type } from 'js-yaml';

/**
 * Reads plain scalars as kubectl does: the words, numbers and merge keys of go-yaml, and no dates.
 * kubectl, kustomize and Argo CD read the same files next, so that any other reading would be a second opinion.
 */
export const goYamlSchema = FAILSAFE_SCHEMA.extend({
  implicit: [
    scalarType('null', (text) => (nulls.has(text) ? null : undefined)),
    scalarType('bool', (text) => booleans.get(text)),
    scalarType('int', readInteger),
    scalarType('float', readFloat),
    new Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (text: string | null) => text === '<<' }),
  ],
});

const nulls: ReadonlySet<string> = new Set(['~', 'null', 'Null', 'NULL']);

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'yes', 'on', 'true'].flatMap((word) => spellings(word).map((spelling) => [spelling, true] as const)),
  ...['n', 'no', 'off', 'false'].flatMap((word) => spellings(word).map((spelling) => [spelling, false] as const)),
]);

const infinities: ReadonlyMap<string, number> = new Map([
  ...spellings('inf').map((word) => [`.${word}`, Number.POSITIVE_INFINITY] as const),
  ...spellings('inf').map((word) => [`+.${word}`, Number.POSITIVE_INFINITY] as const),
  ...spellings('inf').map((word) => [`-.${word}`, Number.NEGATIVE_INFINITY] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
]);

const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const integers: ReadonlyArray<readonly [pattern: RegExp, radix: number]> = [
  [/^[-+]?(0|[1-9]\d*)$/, 10],
  [/^[-+]?0[xX]([\da-fA-F]+)$/, 16],
  [/^[-+]?0[bB]([01]+)$/, 2],
  [/^[-+]?0[oO]?([0-7]+)$/, 8],
];

/** Most scalars are words; what no number begins with needs no further look. */
const beginsLikeNumber = /^[-+.\d]/;

function readInteger(text: string): number | undefined {
  if (!beginsLikeNumber.test(text)) return undefined;
  const plain = withoutUnderscores(text);
  for (const [pattern, radix] of integers) {
    const digits = pattern.exec(plain)?.[1];
    if (digits === undefined) continue;
    const magnitude = radix === 10 ? Number(digits) : Number.parseInt(digits, radix);
    return finite(plain.startsWith('-') && magnitude !== 0 ? -magnitude : magnitude);
  }
  return undefined;
}

function readFloat(text: string): number | undefined {
  if (!beginsLikeNumber.test(text)) return undefined;
  const special = infinities.get(text);
  if (special !== undefined) return special;
  const plain = withoutUnderscores(text);
  return decimal.test(plain) ? finite(Number(plain)) : undefined;
}

/** Underscores count for nothing in what begins like a number, and between the digits of a fraction alone. */
function withoutUnderscores(text: string): string {
  if (!text.includes('_')) return text;
  return /^[-+\d]/.test(text) ? text.replaceAll('_', '') : text.replace(/(?<=\d)_(?=\d)/g, '');
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The spellings of a word that YAML 1.1 knows: `yes`, `Yes`, `YES`. */
function spellings(word: string): string[] {
  return [...new Set([word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])];
}

/** A type for what `read` understands; what it answers with `undefined` is left to the types after it. */
function scalarType(name: string, read: (text: string) => unknown): Type {
  return new Type(`tag:yaml.org,2002:${name}`, {
    kind: 'scalar',
    resolve: (text: string | null) => text !== null && read(text) !== undefined,
    construct: read,
  });
}
