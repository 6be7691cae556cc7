import { type Details, diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Note } from '../../diagnostics/diagnostic.js';
import type { TestOutcome } from './outcome.js';

/** What a compilation says of a test: guardrails must hold and be proved, and every test must be able to fail. */
export function tell(outcome: TestOutcome): readonly Diagnostic[] {
  return [...tellStatus(outcome), ...tellLeftOut(outcome)];
}

function tellStatus(outcome: TestOutcome): readonly Diagnostic[] {
  const { kind, status, span, because } = outcome;
  const test = `${outcome.document}/${outcome.name}`;
  if (status === 'vacuous') return [diagnostic('vacuous-test', { kind, test, because }, span)];
  if (kind === 'AccessTest') return [];
  if (status === 'failed') return [diagnostic('guardrail-broken', { test }, span, evidence(outcome))];
  return status === 'undecided' ? [diagnostic('guardrail-not-proved', { test, because }, span, evidence(outcome))] : [];
}

function tellLeftOut({ leavesOut, document, name, span, status }: TestOutcome): readonly Diagnostic[] {
  if (leavesOut === undefined || status !== 'passed') return [];
  return [diagnostic('guardrail-leaves-out', { test: `${document}/${name}`, callers: leavesOut }, span)];
}

function evidence({ example, fault, reason }: TestOutcome): Details {
  const notes: readonly Note[] = [
    ...(example?.hops ?? []).map(({ point, outcome, because }) => ({ message: `${point}: ${outcome}: ${because}` })),
    ...(example?.hops.length === 0 ? [{ message: `no enforcement point: ${example.because}` }] : []),
    ...(fault === undefined ? [] : [{ message: `under the fault \`${fault}\`` }]),
    ...(reason === undefined ? [] : [{ message: `reason: ${reason}` }]),
  ];
  return example === undefined ? { notes } : { notes, witness: `${example.request}: ${example.verdict}` };
}
