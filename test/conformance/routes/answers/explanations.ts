import type { Explanation } from '../../answers/explanations.js';
import type { Followed } from './compare-ends.js';

export interface RouteExplanation extends Pick<Explanation, 'id' | 'of' | 'what'> {
  readonly explains: (followed: Followed) => boolean;
}

/** Why both sides differ over where a request ends, where it is no fault of the model’s. Anything else fails a run. */
const explanations: readonly RouteExplanation[] = [
  {
    id: 'no-backend',
    of: 'the commit that judges',
    what: 'It answers 404 where a rule of an HTTPRoute has no backend, as 1.30 does, and 1.31 answers 500 (T-26).',
    explains: ({ model, judge }) =>
      model.some(({ because }) => because.endsWith('it has no backend (T-26)')) && judge.judge === 'status-404',
  },
];

export function explanationOfRoute(followed: Followed): RouteExplanation | undefined {
  return explanations.find(({ explains }) => explains(followed));
}
