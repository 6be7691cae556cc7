import type { PathNormalization } from '../../parse/mesh.js';
import type { LanguageMachine } from './machine.js';
import { pathMachine } from './path-machine.js';

/** What an attribute's values can be at all; paths by how they are rewritten before policies see them. */
export type Language = PathLanguage | 'method' | 'host' | 'word' | 'any';
export type PathLanguage = `path ${PathNormalization}`;

/** The machine of an attribute's possible values: paths are absolute and normalised, methods and hosts are not empty (§8.1). */
export function languageMachine(language: Language): LanguageMachine {
  if (language === 'word') return words;
  if (language === 'method') return methods;
  if (language === 'any') return anything;
  return isPath(language) ? pathMachine(language.slice('path '.length) as PathNormalization) : notEmpty;
}

export function isPath(language: Language): language is PathLanguage {
  return language.startsWith('path ');
}

/** Whether there is a character at all. */
const anything: LanguageMachine = { step: () => 1, specials: () => [], accepts: () => true, has: () => true };

const notEmpty: LanguageMachine = { ...anything, accepts: (state) => state === 1 };

/** The words of a list are parted by spaces, and so have none. */
const words: LanguageMachine = {
  step: (state, character) => (character === ' ' || state === 2 ? 2 : 1),
  specials: () => [' '],
  accepts: (state) => state !== 2,
  has: (character) => character !== ' ',
};

/** A method with small letters is refused before anything is matched. */
const methods: LanguageMachine = {
  step: (state, character) => (isSmall(character) || state === 2 ? 2 : 1),
  specials: () => [],
  accepts: (state) => state === 1,
  has: (character) => !isSmall(character),
};

function isSmall(character: string): boolean {
  return /[a-z]/.test(character);
}
