import { describeRequest } from '../../../src/mesh/request.js';
import { requestsOf } from '../ask/questions.js';
import { modelOf } from '../cases/standing.js';
import { relationOf } from './compare.js';
import { answerOf } from './letters.js';
import { askModel } from './model-answer.js';
import { questionsIn, type Recording } from './recording.js';

/** Where the model contradicts what Istio answered once, a sentence each. */
export function contradictionsIn(recording: Recording): string[] {
  const mesh = modelOf(recording);
  const { questions, letters } = questionsIn(recording);
  return requestsOf(questions).flatMap((request, index) => {
    const judge = answerOf(letters[index] ?? '');
    if (judge === undefined) return [];
    const model = askModel(mesh, request);
    if (relationOf(request, model, judge) !== 'contradiction') return [];
    const asked = judge.asked ? ' after asking an authorizer' : '';
    return [`${describeRequest(request)}: ${model.answer} (${model.because}), and Istio said ${judge.judge}${asked}`];
  });
}
