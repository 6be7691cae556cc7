import type { Machine } from './machine.js';

/** What an attribute's values can be at all. */
export type Language = 'path' | 'method' | 'host' | 'word' | 'any';

/** A machine that knows which texts there are. */
export interface LanguageMachine extends Machine {
  accepts(state: number): boolean;
}

/** The machine of an attribute's possible values: paths are absolute and normalised, methods and hosts are not empty (§8.1). */
export function languageMachine(language: Language): LanguageMachine {
  if (language === 'path') return paths;
  if (language === 'word') return words;
  if (language === 'method') return methods;
  return language === 'any' ? anything : notEmpty;
}

/** Whether there is a character at all. */
const anything: LanguageMachine = { step: () => 1, specials: () => [], accepts: () => true };

const notEmpty: LanguageMachine = { ...anything, accepts: (state) => state === 1 };

/** The words of a list are parted by spaces, and so have none. */
const words: LanguageMachine = {
  step: (state, character) => (character === ' ' || state === 2 ? 2 : 1),
  specials: () => [' '],
  accepts: (state) => state !== 2,
};

/** A method with small letters is refused before anything is matched. */
const methods: LanguageMachine = {
  step: (state, character) => (/[a-z]/.test(character) || state === 2 ? 2 : 1),
  specials: () => [],
  accepts: (state) => state === 1,
};

/** After `/` of a segment: nothing, `.`, `..`, or more. */
const path = { start: 0, segment: 1, dot: 2, dots: 3, word: 4, none: 5 } as const;

const neverInPaths: ReadonlySet<string> = new Set('"#<>?^`{|}');

/** No `.` and no `..` segment, and nothing that is encoded: all that happened before anything is matched. */
const paths: LanguageMachine = {
  step: (state, character) => {
    if (state === path.start) return character === '/' ? path.segment : path.none;
    if (state === path.none || neverInPaths.has(character)) return path.none;
    if (character === '/') return state === path.dot || state === path.dots ? path.none : path.segment;
    if (character !== '.' || state === path.word || state === path.dots) return path.word;
    return state === path.segment ? path.dot : path.dots;
  },
  specials: () => ['/', '.'],
  accepts: (state) => state === path.segment || state === path.word,
};
