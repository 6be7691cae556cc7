import type { Constants } from '../algebra/constants.js';
import { mergeConstants } from '../algebra/constants.js';
import { exactly } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';

/** Values that make a witness easy to read where nothing else decides, the best first. */
export type Wishes = ReadonlyMap<Attribute, readonly string[]>;

export const commonWishes: Wishes = new Map<Attribute, readonly string[]>([
  ['request.method', ['GET', 'POST']],
  ['request.host', ['any']],
]);

/** Wished values become atoms of their own, of attributes that are compared with something anyway. */
export function withWishes(constants: Constants, wishes: Wishes): Constants {
  const compared = [...wishes].filter(([attribute]) => constants.has(attribute));
  return mergeConstants([constants, new Map(compared.map(([attribute, values]) => [attribute, values.map(exactly)]))]);
}
