import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Recall } from '../util/memory.js';
import { areAnsweredAlike, type Question, watched } from '../util/watched.js';
import type { BindContext } from './context.js';
import type { PartsByNamespace } from './deployed-parts.js';
import { destinationsAmong } from './destinations.js';
import { sourcesAmong } from './sources.js';

/** How something was bound: what came of it, what was said, and which namespaces were asked for. */
interface Bound<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
  readonly questions: readonly Question[];
}

/**
 * Binds names as an earlier run did, where the namespaces that were asked for then hold the very same now. Nobody has to say
 * which these are: whatever is asked for is written down. `inputs` are what is read besides the context.
 */
export function bindAgain<T>(
  context: BindContext,
  parts: PartsByNamespace,
  recall: Recall,
  of: string,
  inputs: readonly unknown[],
  bind: (inner: BindContext) => T,
): T {
  const { topology, names, groups } = context;
  const around = [topology.mesh, names, groups, ...topology.clusters.map(({ settings }) => settings)];
  const last = recall('how names are bound in', of, [...around, ...inputs], (): { bound?: Bound<T> } => ({}));
  if (last.bound === undefined || !areAnsweredAlike(last.bound.questions, { parts }))
    last.bound = binding(context, parts, bind);
  for (const told of last.bound.diagnostics) context.report(told);
  return last.bound.value;
}

function binding<T>(context: BindContext, parts: PartsByNamespace, bind: (inner: BindContext) => T): Bound<T> {
  const { topology, names, groups, isInForce, isBeforeEnd } = context;
  const questions = new Map<string, Question>();
  const diagnostics: Diagnostic[] = [];
  const asking = watched({ parts }, [], (each) => questions.set([each.how, ...each.given].join(' '), each));
  const value = bind({
    topology: { mesh: topology.mesh, clusters: topology.clusters.map(({ name, settings }) => ({ name, settings })) },
    destinations: destinationsAmong(asking.parts),
    sources: sourcesAmong(asking.parts),
    ...{ names, groups, isInForce, isBeforeEnd },
    report: (told) => diagnostics.push(told),
  });
  return { value, diagnostics, questions: [...questions.values()] };
}
