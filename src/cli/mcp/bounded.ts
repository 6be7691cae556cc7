/** What was left out of a list or of a long text, by the way to it. */
export interface LeftOut {
  readonly at: string;
  /** Items of a list, or characters of a text. */
  readonly shown: number;
  readonly of: number;
}

interface Bounded {
  readonly value: unknown;
  readonly leftOut: readonly LeftOut[];
}

/** Shorter texts are not worth cutting. */
const longText = 1000;

/** A JSON value that is written in at most so many characters: the end of what takes most of them is left out. */
export function bounded(value: unknown, most: number): Bounded {
  const leftOut = new Map<string, LeftOut>();
  let cut = value;
  while (JSON.stringify(cut).length > most) {
    const largest = largestPart(cut, []);
    if (largest === undefined) break;
    const { path, part } = largest;
    const shown = Math.floor(part.length / 2);
    const at = path.join('.');
    leftOut.set(at, { at, shown, of: leftOut.get(at)?.of ?? part.length });
    cut = withPart(cut, path, part.slice(0, shown));
  }
  return { value: cut, leftOut: [...leftOut.values()] };
}

interface Part {
  readonly path: readonly string[];
  readonly part: string | readonly unknown[];
  readonly size: number;
}

/** The list or text that takes most, and lies in no list that can be cut itself. */
function largestPart(value: unknown, path: readonly string[]): Part | undefined {
  const isLong = typeof value === 'string' ? value.length > longText : Array.isArray(value) && value.length > 1;
  if (isLong) return { path, part: value as Part['part'], size: JSON.stringify(value).length };
  if (typeof value !== 'object' || value === null) return undefined;
  const below = Object.entries(value).flatMap(([key, each]) => largestPart(each, [...path, key]) ?? []);
  return below.reduce<Part | undefined>((most, each) => (most && most.size >= each.size ? most : each), undefined);
}

function withPart(value: unknown, [key, ...rest]: readonly string[], part: Part['part']): unknown {
  if (key === undefined) return part;
  const replaced = (name: string, each: unknown) => (name === key ? withPart(each, rest, part) : each);
  if (Array.isArray(value)) return value.map((each, index) => replaced(String(index), each));
  return Object.fromEntries(Object.entries(Object(value)).map(([name, each]) => [name, replaced(name, each)]));
}
