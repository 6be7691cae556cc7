/** Three-valued truth: what the model cannot know is said (`unknown`), never guessed. */
export type Truth = 'yes' | 'no' | 'unknown';

export function truthOf(condition: boolean): Truth {
  return condition ? 'yes' : 'no';
}

export function not(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'yes' ? 'no' : 'yes';
}

/** Conjunction: one `no` decides whatever is unknown; nothing at all is `yes`. */
export function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes('no')) return 'no';
  return truths.includes('unknown') ? 'unknown' : 'yes';
}

/** Disjunction: one `yes` decides whatever is unknown; nothing at all is `no`. */
export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes('yes')) return 'yes';
  return truths.includes('unknown') ? 'unknown' : 'no';
}

/** A fact that may be missing from what Ambit was given; `why` says what would be needed. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown(why: string): { readonly known: false; readonly why: string } {
  return { known: false, why };
}
