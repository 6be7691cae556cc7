import { encodedInPaths, isUnreserved } from '../../mesh/normalize-path.js';
import type { PathNormalization } from '../../parse/mesh.js';
import type { LanguageMachine } from './machine.js';

/** The machine of the paths that policies can meet: those that are as they are rewritten (§8.1). */
export function pathMachine(how: PathNormalization): LanguageMachine {
  if (how === 'NONE') return raw;
  const decodesSlashes = how === 'DECODE_AND_MERGE_SLASHES';
  const mergesSlashes = how !== 'BASE';
  return {
    step: (state, character) => {
      const next = stepInSegments(state % places, character, mergesSlashes);
      const digits = stepInEscape(Math.floor(state / places), character);
      return next === none || isDecoded(digits, decodesSlashes)
        ? none
        : next + places * (digits < complete ? digits : 0);
    },
    specials: (state) => (state < places ? structural : [...structural, ...hexadecimal]),
    accepts: (state) => ending.includes(state % places),
    has: (character) => !neverInPaths.has(character),
  };
}

const structural: readonly string[] = ['/', '.', '%'];
const hexadecimal: readonly string[] = Array.from('0123456789abcdefABCDEF');

/** Where a path is: before its first `/`; in a segment so far empty, `.`, `..` or more; nowhere; behind `/` and `//` alone. */
const [start, segment, dot, dots, word, none, root, twin] = [0, 1, 2, 3, 4, 5, 6, 7];
const places = 8;
const ending: readonly number[] = [segment, word, root, twin];

function stepInSegments(place: number, character: string, mergesSlashes: boolean): number {
  if (place === start) return character === '/' ? root : none;
  if (place === none || place === twin || neverInPaths.has(character)) return none;
  if (character === '/') return afterSlash(place, mergesSlashes);
  if (character !== '.' || place === word || place === dots) return word;
  return place === dot ? dots : dot;
}

function afterSlash(place: number, mergesSlashes: boolean): number {
  if (place === dot || place === dots) return none;
  if (mergesSlashes && place === segment) return none;
  return mergesSlashes && place === root ? twin : segment;
}

const neverInPaths: ReadonlySet<string> = new Set([...encodedInPaths, '#', '?', '\\']);

/** What of an escape was read: nothing, `%`, or its first digit; and what it encodes once it is complete. */
const percent = 1;
const firstDigit = 2;
const complete = firstDigit + 16;

function stepInEscape(digits: number, character: string): number {
  if (character === '%') return percent;
  const digit = '0123456789abcdef'.indexOf(character.toLowerCase());
  if (digits === 0 || digit < 0) return 0;
  return digits === percent ? firstDigit + digit : complete + 16 * (digits - firstDigit) + digit;
}

function isDecoded(digits: number, decodesSlashes: boolean): boolean {
  if (digits < complete) return false;
  const character = String.fromCharCode(digits - complete);
  return character === '\0' || isUnreserved(character) || (decodesSlashes && '/\\'.includes(character));
}

/** Nothing is rewritten; where the query and the fragment begin is no path any more. */
const raw: LanguageMachine = {
  step: (state, character) => {
    if (state === 0) return character === '/' ? 1 : 2;
    return state === 2 || character === '?' || character === '#' ? 2 : 1;
  },
  specials: () => ['/'],
  accepts: (state) => state === 1,
  has: (character) => character !== '?' && character !== '#',
};
