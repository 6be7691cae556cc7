import { oncePer } from '../../../util/once.js';
import type { Characters } from './characters.js';
import { type Expression, parseExpression } from './parse.js';

/** One step of an expression: over a character, over nothing, or the place where it has matched. */
export type Step =
  | { readonly kind: 'over'; readonly set: Characters; readonly to: number }
  | { readonly kind: 'free'; readonly to: readonly number[] }
  | { readonly kind: 'start' | 'end'; readonly to: number }
  | { readonly kind: 'matched' };

/** The steps of an expression, by their numbers, and the one that it begins with. */
export interface Automaton {
  readonly steps: readonly Step[];
  readonly first: number;
}

/** How many steps an expression may have for sets to follow it. */
const mostSteps = 2000;

/** `undefined` of an expression that sets do not follow. */
export function automatonOf(pattern: string): Automaton | undefined {
  return built(pattern).automaton;
}

const built = oncePer((pattern: string): { readonly automaton: Automaton | undefined } => {
  const expression = parseExpression(pattern);
  if (expression === undefined || sizeOf(expression) > mostSteps) return { automaton: undefined };
  const steps: Step[] = [{ kind: 'matched' }];
  const first = build(steps, expression, 0);
  return { automaton: { steps, first } };
});

/** Before steps are made of them repetitions are multiplied out, and so are counted so. */
function sizeOf(expression: Expression): number {
  switch (expression.kind) {
    case 'sequence':
    case 'alternatives':
      return expression.parts.reduce((sum, part) => sum + sizeOf(part), 1);
    case 'repeated':
      return sizeOf(expression.part) * Math.max(expression.atMost ?? expression.atLeast + 1, 1) + 1;
    default:
      return 1;
  }
}

/** Adds the steps of an expression that leads on to a step, and answers with the one that it begins with. */
function build(steps: Step[], expression: Expression, to: number): number {
  const add = (step: Step) => steps.push(step) - 1;
  switch (expression.kind) {
    case 'characters':
      return add({ kind: 'over', set: expression.set, to });
    case 'sequence':
      return expression.parts.reduceRight((after, part) => build(steps, part, after), to);
    case 'alternatives':
      return add({ kind: 'free', to: expression.parts.map((part) => build(steps, part, to)) });
    case 'repeated':
      return buildRepeated(steps, expression, to);
    default:
      return add({ kind: expression.kind, to });
  }
}

function buildRepeated(
  steps: Step[],
  { part, atLeast, atMost }: Extract<Expression, { kind: 'repeated' }>,
  to: number,
): number {
  let after = to;
  if (atMost === undefined) {
    const choices: number[] = [];
    after = steps.push({ kind: 'free', to: choices }) - 1;
    choices.push(build(steps, part, after), to);
  }
  for (let optional = atLeast; optional < (atMost ?? atLeast); optional++) {
    const inner = build(steps, part, after);
    after = steps.push({ kind: 'free', to: [inner, to] }) - 1;
  }
  for (let needed = 0; needed < atLeast; needed++) after = build(steps, part, after);
  return after;
}

/** Where some steps lead without a character, at one place of a text; what needs another place stays. */
export function reached(
  { steps }: Automaton,
  from: readonly number[],
  place: { readonly isStart: boolean; readonly isEnd: boolean },
): readonly number[] {
  const all = new Set(from);
  for (const index of all) {
    const step = steps[index];
    if (step?.kind === 'free') for (const next of step.to) all.add(next);
    if (step?.kind === 'start' && place.isStart) all.add(step.to);
    if (step?.kind === 'end' && place.isEnd) all.add(step.to);
  }
  return [...all].filter((index) => steps[index]?.kind !== 'free').sort((left, right) => left - right);
}
