import { diagnostic } from '../../diagnostics/create.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { Rollout, TrafficSettings } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';
import { percentAfter } from './shares.js';

/** Reports a rollout that leads nowhere, and of any other how far it has come and what is next. */
export function checkRollout(context: ResolveContext, settings: TrafficSettings): void {
  const { rollout } = settings;
  if (rollout === undefined) return;
  const faults = faultsOf(rollout);
  for (const { why, span } of faults) context.report(diagnostic('malformed-rollout', { why }, span));
  if (faults.length > 0) return;
  const { step, steps } = rollout;
  const parameters = {
    service: settings.scope.reference,
    step: step.value,
    count: steps.length,
    said: comeTo(rollout),
  };
  context.report(diagnostic('rollout-step', parameters, step.span, { help: nextOf(settings, rollout) }));
}

function comeTo({ from, to, steps, step }: Rollout): string {
  const percent = percentAfter(steps, step.value);
  if (percent === 100) return `version \`${to.value}\` gets every request, and \`${from.value}\` can be retired`;
  if (percent === 0) return `version \`${from.value}\` gets every request`;
  return `version \`${to.value}\` gets ${percent} percent of the requests, and \`${from.value}\` the others`;
}

function nextOf(settings: TrafficSettings, rollout: Rollout): string {
  const { step, steps } = rollout;
  const next = step.value + 1;
  if (next > steps.length) return retiring(settings, rollout);
  return `\`step: ${next}\` is ${percentAfter(steps, next)} percent: it changes these weights and nothing else`;
}

interface Fault {
  readonly why: string;
  readonly span: Span;
}

function faultsOf({ from, to, steps, step }: Rollout): readonly Fault[] {
  const falling = steps.find(({ value }, index) => index > 0 && value <= (steps[index - 1]?.value ?? 0));
  const last = steps.at(-1);
  return [
    ...(from.value === to.value ? [{ why: 'it leads from a version to the same', span: to.span }] : []),
    ...(falling ? [{ why: `after ${falling.value} percent there are no more than before`, span: falling.span }] : []),
    ...(last && !falling && last.value < 100
      ? [{ why: `its last step leaves ${100 - last.value} percent behind`, span: last.span }]
      : []),
    ...(step.value > steps.length
      ? [{ why: `it has no step ${step.value}, but ${steps.length} of them`, span: step.span }]
      : []),
  ];
}

function retiring({ routes }: TrafficSettings, { from, to }: Rollout): string {
  const instead = routes.length > 0 ? `a last route to version \`${to.value}\`` : `\`split: { ${to.value}: 1 }\``;
  return `when nobody wants to go back, write ${instead} in place of \`rollout\`, take \`${from.value}\` out of \`versions\`, and delete its pods`;
}
