import type { Request } from '../../../src/mesh/request.js';
import type { RequestAnswer } from '../contract.js';
import type { ModelAnswer } from './model-answer.js';

/** How model and judge stand to each other over one request. */
export type Relation = 'same' | 'denied otherwise' | 'not modelled' | 'not covered' | 'contradiction';

export const relations: readonly Relation[] = [
  'same',
  'denied otherwise',
  'not modelled',
  'not covered',
  'contradiction',
];

/** One request with both answers. */
export interface Compared {
  readonly request: Request;
  readonly model: ModelAnswer;
  readonly judge: Pick<RequestAnswer, 'judge' | 'asked' | 'detail'>;
  readonly relation: Relation;
}

export function compare(request: Request, model: ModelAnswer, judge: Compared['judge']): Compared {
  return { request, model, judge, relation: relationOf(request, model, judge) };
}

/**
 * One that lets a request through without asking an authorizer contradicts one that asks it. A gateway asks nobody about what it
 * has no route for, and no route is looked at here.
 */
export function relationOf(
  { destination }: Pick<Request, 'destination'>,
  model: Pick<ModelAnswer, 'answer' | 'asked'>,
  judge: Pick<RequestAnswer, 'judge' | 'asked'>,
): Relation {
  if (judge.judge === 'not-covered') return 'not covered';
  if (model.answer === 'not-modelled') return 'not modelled';
  const [modelAllows, judgeAllows] = [model.answer === 'allowed', judge.judge === 'allowed'];
  if (modelAllows !== judgeAllows) return 'contradiction';
  const isAskedAlike = destination.kind === 'gateway' || model.asked === (judge.asked ?? false);
  if (modelAllows) return isAskedAlike ? 'same' : 'contradiction';
  return model.answer === judge.judge ? 'same' : 'denied otherwise';
}
