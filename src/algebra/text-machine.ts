import type { TextMatcher } from '../mesh/policies/matcher.js';
import { segmentCharacter, type TemplatePart, templateParts } from '../mesh/policies/path-template.js';
import { assertNever } from '../util/assert.js';

/** A deterministic machine over characters. Its states are named by text, so that products of machines can be named too. */
export interface Machine {
  readonly start: string;
  step(state: string, character: string): string;
  accepts(state: string): boolean;
}

/** The machine that accepts exactly the texts that a matcher matches. Texts are folded before where case does not count. */
export function machineOf(matcher: TextMatcher): Machine {
  switch (matcher.kind) {
    case 'present':
      return { start: '', step: (state) => state, accepts: () => true };
    case 'non-empty':
      return { start: '', step: () => '+', accepts: (state) => state === '+' };
    case 'exact':
    case 'prefix':
      return literalMachine(fold(matcher), matcher.kind === 'prefix');
    case 'suffix':
      return suffixMachine(fold(matcher));
    case 'template':
      return templateMachine(templateParts(matcher.value));
    default:
      return assertNever(matcher);
  }
}

function fold({ value, ignoreCase }: { readonly value: string; readonly ignoreCase: boolean }): string {
  return ignoreCase ? value.toLowerCase() : value;
}

/** The state is how many characters agree so far; `x` when one did not. */
function literalMachine(text: string, isPrefix: boolean): Machine {
  const end = String(text.length);
  return {
    start: '0',
    step: (state, character) => {
      if (state === end) return isPrefix ? end : 'x';
      return state !== 'x' && text[Number(state)] === character ? String(Number(state) + 1) : 'x';
    },
    accepts: (state) => state === end,
  };
}

/** The state is the longest beginning of the suffix on which the text read so far ends. */
function suffixMachine(suffix: string): Machine {
  return {
    start: '',
    step: (state, character) => {
      let read = state + character;
      while (!suffix.startsWith(read)) read = read.slice(1);
      return read;
    },
    accepts: (state) => state === suffix,
  };
}

/** A position in a template: the part, and how far into a literal. */
type Position = readonly [part: number, offset: number];

/** The state is the set of positions that are possible. */
function templateMachine(parts: readonly TemplatePart[]): Machine {
  const parse = (state: string): Position[] => JSON.parse(state);
  const close = (positions: readonly Position[]): string => {
    const closed = positions.flatMap((position) => withSkipped(parts, position));
    return JSON.stringify(
      [...new Map(closed.map((position) => [position.join(), position])).values()].sort(byPosition),
    );
  };
  return {
    start: close([[0, 0]]),
    step: (state, character) => close(parse(state).flatMap((position) => advance(parts, position, character))),
    accepts: (state) => parse(state).some(([part]) => part === parts.length),
  };
}

function byPosition([leftPart, leftOffset]: Position, [rightPart, rightOffset]: Position): number {
  return leftPart - rightPart || leftOffset - rightOffset;
}

/** `{**}` may take nothing at all. An offset of 1 in an operator means that it has taken something, so it may end. */
function withSkipped(parts: readonly TemplatePart[], position: Position): Position[] {
  const [index, offset] = position;
  const kind = parts[index]?.kind;
  const mayEnd = kind === 'rest' || (kind === 'segment' && offset === 1);
  return mayEnd ? [position, ...withSkipped(parts, [index + 1, 0])] : [position];
}

function advance(parts: readonly TemplatePart[], [index, offset]: Position, character: string): Position[] {
  const part = parts[index];
  if (part === undefined) return [];
  if (part.kind === 'literal') {
    if (part.text[offset] !== character) return [];
    return offset + 1 === part.text.length ? [[index + 1, 0]] : [[index, offset + 1]];
  }
  const taken = segmentCharacter.test(character) || (part.kind === 'rest' && character === '/');
  return taken ? [[index, 1]] : [];
}

/** What an attribute's values can be at all. */
export type Language = 'path' | 'method' | 'host' | 'word' | 'any';

/** The machine of an attribute's possible values: paths are absolute and normalised, methods and hosts are not empty (§8.1). */
export function languageMachine(language: Language): Machine {
  if (language === 'any') return machineOf({ kind: 'present' });
  if (language === 'word') return wordMachine;
  return language === 'path' ? pathMachine : machineOf({ kind: 'non-empty' });
}

/** No `.` and no `..` segment: both were resolved before anything is matched. The state is the segment so far, if it is dots. */
const pathMachine: Machine = {
  start: 'start',
  step: (state, character) => {
    if (state === 'start') return character === '/' ? '' : 'x';
    if (character === '/') return state === '.' || state === '..' || state === 'x' ? 'x' : '';
    if (state === 'x') return 'x';
    return character === '.' && (state === '' || state === '.') ? `${state}.` : 'word';
  },
  accepts: (state) => state !== 'start' && state !== 'x' && state !== '.' && state !== '..',
};

/** The words of a list are parted by spaces, and so have none. */
const wordMachine: Machine = {
  start: '',
  step: (state, character) => (character === ' ' ? 'x' : state),
  accepts: (state) => state !== 'x',
};
