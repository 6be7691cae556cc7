import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { DestinationPolicy, PlacedPolicy } from '../../ir/policy-ir.js';
import type { Recall } from '../../util/memory.js';
import { oncePerObject } from '../../util/once.js';
import { areAnsweredAlike, isSameQuestion, type Question, watched } from '../../util/watched.js';
import type { PlaceContext } from './context.js';
import { placeDestination } from './place-destination.js';

/**
 * The policies of all destinations. Those of one are the ones of an earlier run where all that was asked of the rest of the mesh
 * then has the same answer now. Nobody has to say what placing reads: whatever it asks of its context is written down.
 */
export function placeAgain(context: PlaceContext, recall: Recall): readonly PlacedPolicy[] {
  const lastOf = recall('placing', '', [], () => oncePerObject((_: DestinationPolicy): { placing?: Placing } => ({})));
  return context.ir.destinations.flatMap((policy) => {
    const last = lastOf(policy);
    if (last.placing === undefined || !areAnsweredAlike(last.placing.questions, context))
      last.placing = placing(context, policy);
    const { policies, reported, accepted } = last.placing;
    for (const found of reported) context.report(found);
    for (const gap of accepted) context.accepts(...gap);
    return policies;
  });
}

/** How one destination was placed: what was asked of the context, what came of it, and what was said. */
interface Placing {
  readonly policies: readonly PlacedPolicy[];
  readonly questions: readonly Question[];
  readonly reported: readonly Diagnostic[];
  readonly accepted: ReadonlyArray<Parameters<PlaceContext['accepts']>>;
}

function placing(context: PlaceContext, policy: DestinationPolicy): Placing {
  const questions: Question[] = [];
  const reported: Diagnostic[] = [];
  const accepted: Array<Parameters<PlaceContext['accepts']>> = [];
  const asking = watched(context, ['ir'], (question) => {
    if (!questions.some((each) => isSameQuestion(each, question))) questions.push(question);
  });
  const telling: Pick<PlaceContext, 'report' | 'accepts'> = {
    report: (found) => reported.push(found),
    accepts: (...gap) => {
      accepted.push(gap);
      const [promise, path] = gap;
      return promise.accept.find(({ what }) => what === path);
    },
  };
  const policies = placeDestination(Object.assign(Object.create(asking), telling), policy);
  return { policies, questions, reported, accepted };
}
