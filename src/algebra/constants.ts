import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { groupBy } from '../util/order.js';
import { matcherKey } from './matcher-key.js';

/** The constants that are compared with each attribute, by whoever compares: manifests and intents alike. */
export type Constants = ReadonlyMap<Attribute, readonly Matcher[]>;

/** All constants together, each once. */
export function mergeConstants(all: readonly Constants[]): Constants {
  const lists = groupBy(
    all.flatMap((constants) => [...constants]),
    ([attribute]) => attribute,
  );
  return new Map(
    [...lists].map(([attribute, list]) => [attribute, distinct(list.flatMap(([, matchers]) => matchers))]),
  );
}

function distinct(matchers: readonly Matcher[]): readonly Matcher[] {
  if (matchers.length < 2) return matchers;
  return [...new Map(matchers.map((matcher) => [matcherKey(matcher), matcher])).values()];
}
