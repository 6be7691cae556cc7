import { rangeOf } from '../diagnostics/position.js';
import type { Difference } from '../proof/prove.js';
import type { OutputProof } from '../proof/prove-output.js';
import type { UnmentionedFinding } from '../proof/unmentioned/prove-unmentioned.js';
import { keyOf } from '../topology/model.js';

/** The answer in a line: what was compared, and whether it is the same. */
export function proofToText({ workloads, lanes, differences, doubts, unmentioned }: OutputProof): string {
  const compared = `${count(workloads, 'workload')}, ${count(lanes, 'way')} in`;
  const changes = changesIn(unmentioned);
  const found = differences.length + changes.length;
  const doubtful = doubts.filter(({ isCrossing }) => !isCrossing).length + doubtsIn(unmentioned).length;
  const open =
    doubtful === 0 ? '' : `, except for ${count(doubtful, 'fact')} that ${doubtful === 1 ? 'is' : 'are'} not modelled`;
  if (found > 0) return `not the same: ${count(found, 'difference')} (${compared})\n`;
  if (workloads === 0) return 'nothing to prove: the intents speak of no workload\n';
  return `proved: every request is treated as the intents say${open} (${compared})\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A proof for a program. Fields are only ever added. */
export function proofToJson({ workloads, lanes, differences, doubts, unmentioned }: OutputProof): string {
  const changes = changesIn(unmentioned);
  const report = {
    proved: differences.length + changes.length === 0,
    workloads,
    waysIn: lanes,
    differences: differences.map(differenceToJson),
    changesForOthers: changes,
    notModelled: doubts.map(({ fact, demands }) => ({
      fact,
      workloads: demands.map(({ workload }) => ({ cluster: workload.cluster, name: keyOf(workload) })),
    })),
    notModelledForOthers: doubtsIn(unmentioned),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** What is treated otherwise of those of whom no intent speaks. */
function changesIn(unmentioned: readonly UnmentionedFinding[]) {
  return unmentioned.flatMap(({ finding, place, others }) => {
    if (finding.kind === 'unjudged') return [];
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
