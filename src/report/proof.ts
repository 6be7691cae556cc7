import { rangeOf } from '../diagnostics/position.js';
import type { CompileResult } from '../pipeline.js';
import type { Difference } from '../proof/prove.js';
import type { OutputProof } from '../proof/prove-output.js';
import type { UnmentionedFinding } from '../proof/unmentioned/prove-unmentioned.js';
import { keyOf } from '../topology/model.js';
import type { acceptedToJson } from './json.js';
import { type Page, wrap } from './layout.js';
import type { LookedAt } from './looked-at.js';
import { counted } from './words.js';

/** The answer in a line: what was compared, and whether it is the same. */
export function proofToText(proof: OutputProof): string {
  const { workloads, lanes, differences, unmentioned } = proof;
  const compared = `${counted(workloads, 'workload')}, ${counted(lanes, 'way')} in`;
  const found = differences.length + changesIn(unmentioned).length;
  if (found > 0) return `not the same: ${counted(found, 'difference')} (${compared})\n`;
  if (workloads === 0) return 'nothing to prove: the intents speak of no workload\n';
  const tooLarge = tooLargeIn(proof).length;
  if (tooLarge > 0) return `not decided: ${counted(tooLarge, 'policy')} too large to be judged (${compared})\n`;
  return `proved: every request is treated as the intents say${undecidedIn(proof)} (${compared})\n`;
}

/** Where nobody can say: a proof never covers what the model does not know. */
function undecidedIn({ doubts, unmentioned }: OutputProof): string {
  const facts = doubts.filter(({ isCrossing }) => !isCrossing).length + doubtsIn(unmentioned).length;
  const where = [
    ...(doubts.some(({ isCrossing }) => isCrossing) ? ['for some callers in other clusters'] : []),
    ...(facts === 0 ? [] : [`where ${counted(facts, 'fact')} ${facts === 1 ? 'is' : 'are'} not modelled`]),
  ];
  return where.length === 0 ? '' : `, undecided ${where.join(' and ')}`;
}

/** What a compilation proved of its output: that it means what the intents say, and that the guardrails hold. */
export function provedText({ proof, tests }: Pick<CompileResult, 'proof' | 'tests'>, { columns }: Page): string {
  const guardrails = tests.filter(({ kind, status }) => kind === 'Guardrail' && status === 'passed').length;
  const lines = [
    ...(proof === undefined ? [] : wrap(proofToText(proof).trimEnd(), columns)),
    ...(guardrails === 0 ? [] : [`${counted(guardrails, 'guardrail')} ${guardrails === 1 ? 'holds' : 'hold'}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A proof for a program, as a JSON document. */
export function proofToJson(
  proof: OutputProof,
  accepted: ReturnType<typeof acceptedToJson> = [],
  seen?: LookedAt,
): string {
  return `${JSON.stringify({ ...proofForPrograms(proof), accepted, ...(seen && { lookedAt: seen }) }, null, 2)}\n`;
}

/** A proof for a program. Fields are only ever added. */
export function proofForPrograms(proof: OutputProof) {
  const { workloads, lanes, differences, doubts, unmentioned } = proof;
  const undecided = tooLargeIn(proof);
  const changes = changesIn(unmentioned);
  return {
    proved: differences.length + changes.length + undecided.length === 0,
    workloads,
    waysIn: lanes,
    differences: differences.map(differenceToJson),
    changesForOthers: changes,
    notModelled: doubts.map(({ fact, demands }) => ({
      fact,
      workloads: demands.map(({ workload }) => ({ cluster: workload.cluster, name: keyOf(workload) })),
    })),
    notModelledForOthers: doubtsIn(unmentioned),
    undecided,
  };
}

/** What is treated otherwise of those of whom no intent speaks. */
function changesIn(unmentioned: readonly UnmentionedFinding[]) {
  return unmentioned.flatMap(({ finding, place, others }) => {
    if (finding.kind === 'unjudged' || finding.kind === 'too-large') return [];
    const { kind, requests, witness, before, after } = finding;
    const [was, is] = [before, after].map(({ verdict, because }) => ({ verdict: verdict.kind, because }));
    return [{ kind, cluster: place.cluster, name: keyOf(place), others, requests, witness, before: was, after: is }];
  });
}

/** What nobody can say of those of whom no intent speaks. */
function doubtsIn(unmentioned: readonly UnmentionedFinding[]) {
  return unmentioned.flatMap(({ finding, place, others }) =>
    finding.kind === 'unjudged' ? [{ fact: finding.fact, cluster: place.cluster, name: keyOf(place), others }] : [],
  );
}

/** The policies that made a question too large. */
function tooLargeIn({ undecided, unmentioned }: OutputProof) {
  const others = unmentioned.flatMap(({ finding, place }) =>
    finding.kind === 'too-large' ? [{ policy: finding.policy, workloads: [place] }] : [],
  );
  const own = undecided.map(({ policy, demands }) => ({ policy, workloads: demands.map(({ workload }) => workload) }));
  return [...own, ...others].map(({ policy, workloads }) => ({
    policy: policy === undefined ? null : keyOf(policy),
    workloads: workloads.map((workload) => ({ cluster: workload.cluster, name: keyOf(workload) })),
  }));
}

function differenceToJson({ kind, demand: { workload }, requests, witness, decision, cause }: Difference) {
  return {
    kind,
    cluster: workload.cluster,
    workload: keyOf(workload),
    requests,
    witness,
    verdict: decision.verdict.kind,
    because: decision.because,
    intent: cause.id === '' ? null : cause.id,
    file: cause.span?.file.path ?? null,
    line: cause.span === null ? null : rangeOf(cause.span).start.line,
  };
}
