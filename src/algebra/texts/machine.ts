/** A deterministic machine over characters. Its states are numbers from 0, where it starts. */
export interface Machine {
  step(state: number, character: string): number;
  /** The characters that lead elsewhere than others of their kind do (`text-atoms.ts` says which kinds there are). */
  specials(state: number): readonly string[];
}

/** A machine that looks for many matchers at once. */
export interface Searcher extends Machine {
  /** What the text so far matches, by a number: the same for two states exactly if the same matchers match. */
  found(state: number): number;
  /** The matchers that such a number stands for, by their index. */
  matchers(found: number): readonly number[];
}

/** A text that a matcher looks for, and the matcher's index. */
export interface Literal {
  readonly text: string;
  readonly index: number;
}

/** A machine that knows which texts there are. */
export interface LanguageMachine extends Machine {
  accepts(state: number): boolean;
  /** Whether some text may have a character. */
  has(character: string): boolean;
}
