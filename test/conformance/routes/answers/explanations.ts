import type { Explanation } from '../../answers/explanations.js';
import type { Followed } from './compare-ends.js';

export interface RouteExplanation extends Pick<Explanation, 'id' | 'of' | 'what'> {
  readonly explains: (followed: Followed) => boolean;
}

/** Why both sides differ over where a request ends, where it is no fault of the model’s. Anything else fails a run. */
const explanations: readonly RouteExplanation[] = [];

export function explanationOfRoute(followed: Followed): RouteExplanation | undefined {
  return explanations.find(({ explains }) => explains(followed));
}
