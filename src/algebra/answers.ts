import { sortBy } from '../util/order.js';
import type { Constants } from './constants.js';
import { type Comparer, comparedBy } from './lane.js';
import { answerTo, TooLarge } from './limits.js';
import { matcherKey } from './matcher-key.js';

/** The answer to a question about some policies, or that it is too large a question. */
export type Answer<T> = { readonly kind: 'decided'; readonly value: T } | TooLargeAnswer;

export interface TooLargeAnswer {
  readonly kind: 'too-large';
  /** The policy that makes it so large; `undefined` where none has a share in it. */
  readonly policy: Written | undefined;
}

/** A policy as it is written. */
export type Written = ReturnType<typeof writtenOf>;

/** Asks about what compares requests. With whom a question was too large once, it is not asked again. */
export type SourceIntent = <T>(comparers: readonly Comparer[], question: () => T) => Answer<T>;

export function intent(): SourceIntent {
  const tooLarge = new Set<Comparer>();
  return (comparers, question) => {
    const known = comparers.find((comparer) => tooLarge.has(comparer));
    if (known !== undefined) return { kind: 'too-large', policy: writtenOf(known) };
    const answer = answerTo(question);
    if (!(answer instanceof TooLarge)) return { kind: 'decided', value: answer };
    const largest = largestOf(comparers, answer.constants);
    if (largest !== undefined) tooLarge.add(largest);
    return { kind: 'too-large', policy: largest && writtenOf(largest) };
  };
}

/** Who adds most to what requests were compared with, if anybody. */
export function largestOf(comparers: readonly Comparer[], constants: Constants): Comparer | undefined {
  const compared = new Set(keysOf(constants));
  const shares = comparers.map((comparer) => ({
    comparer,
    share: keysOf(comparedBy(comparer)).filter((key) => compared.has(key)).length,
  }));
  const [largest] = sortBy(shares, ({ share }) => -share);
  return largest === undefined || largest.share === 0 ? undefined : largest.comparer;
}

function keysOf(constants: Constants): readonly string[] {
  return [...constants].flatMap(([attribute, matchers]) =>
    matchers.map((matcher) => `${attribute} ${matcherKey(matcher)}`),
  );
}

export function writtenOf(comparer: Comparer) {
  return 'policy' in comparer ? comparer.policy : comparer;
}
