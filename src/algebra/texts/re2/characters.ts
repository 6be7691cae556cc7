/** A set of characters, as ranges of code points in their order that neither overlap nor touch. */
export type Characters = ReadonlyArray<readonly [first: number, last: number]>;

const lastCodePoint = 0x10_ff_ff;

export const anyCharacter: Characters = [[0, lastCodePoint]];

export function charactersOf(ranges: ReadonlyArray<readonly [first: string, last: string]>): Characters {
  return joined(ranges.map(([first, last]) => [codeOf(first), codeOf(last)]));
}

export function joined(ranges: Characters): Characters {
  const result: Array<[number, number]> = [];
  for (const [first, last] of [...ranges].sort(([left], [right]) => left - right)) {
    const before = result.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else result.push([first, last]);
  }
  return result;
}

export function allBut(characters: Characters): Characters {
  const starts = [0, ...characters.map(([, last]) => last + 1)];
  const ends = [...characters.map(([first]) => first - 1), lastCodePoint];
  return starts.flatMap((first, index) => {
    const last = ends[index] ?? lastCodePoint;
    return first <= last ? [[first, last] as const] : [];
  });
}

/** With the other case of each letter of ASCII. */
export function inBothCases(characters: Characters): Characters {
  const other = (low: string, high: string, by: number): Characters =>
    characters.flatMap(([first, last]) => {
      const [from, to] = [Math.max(first, codeOf(low)), Math.min(last, codeOf(high))];
      return from <= to ? [[from + by, to + by] as const] : [];
    });
  return joined([...characters, ...other('a', 'z', -32), ...other('A', 'Z', 32)]);
}

export function hasCharacter(characters: Characters, character: string): boolean {
  const code = codeOf(character);
  return characters.some(([first, last]) => first <= code && code <= last);
}

/** The characters of a set that has only a few; of a larger one they are alike as far as other sets let them. */
export function fewOf(characters: Characters): readonly string[] | undefined {
  const count = characters.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (count > 2) return undefined;
  return characters.flatMap(([first, last]) =>
    first === last ? [String.fromCodePoint(first)] : [String.fromCodePoint(first), String.fromCodePoint(last)],
  );
}

/** A character of each part into which some sets cut all characters. One that suits is preferred, a readable one first. */
export function oneOfEach(sets: readonly Characters[], suits: (character: string) => boolean): readonly string[] {
  const cuts = [...new Set([0, ...sets.flatMap((set) => set.flatMap(([first, last]) => [first, last + 1]))])]
    .filter((cut) => cut <= lastCodePoint)
    .sort((left, right) => left - right);
  return cuts.flatMap((first, index) => {
    const last = (cuts[index + 1] ?? lastCodePoint + 1) - 1;
    const isWithin = (character: string) => first <= codeOf(character) && codeOf(character) <= last;
    return readable.find((each) => isWithin(each) && suits(each)) ?? unreadable(first, last).find(suits) ?? [];
  });
}

/** As people would write them first. */
const readable = Array.from(
  'xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW0123456789-_./~!$&\'()*+,;=:@ "#%<>?[]^`{|}\\',
);

function unreadable(first: number, last: number): readonly string[] {
  const isPair = (code: number) => code >= 0xd8_00 && code <= 0xdf_ff;
  const codes = [first, first + 1, 0xe0_00].filter((code) => code >= first && code <= last && !isPair(code));
  return codes.map((code) => String.fromCodePoint(code));
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
