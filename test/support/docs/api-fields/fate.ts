/**
 * What becomes of a field of an API: a word of the language writes it, a word says the same by other fields, or there is none,
 * for a reason.
 */
export type Fate =
  | { readonly kind: 'written'; readonly word: string }
  | { readonly kind: 'otherwise'; readonly word: string }
  | { readonly kind: 'not said'; readonly because: string };

/** By the path of a field, lists as their items: it holds for all below it that has no row of its own. */
export type ApiFields = Readonly<Record<string, Fate>>;

/** A golden case has it in its output. */
export const written = (word: string): Fate => ({ kind: 'written', word });

/** What the field does is done by others. */
export const otherwise = (word: string): Fate => ({ kind: 'otherwise', word });

export const notSaid = (because: string): Fate => ({ kind: 'not said', because });
