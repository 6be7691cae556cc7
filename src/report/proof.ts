import { rangeOf } from '../diagnostics/position.js';
import { keyOf } from '../topology/model.js';
import type { Difference, Proof } from '../verify/prove.js';

/** The answer in a line: what was compared, and whether it is the same. */
export function proofToText({ workloads, lanes, differences, doubts }: Proof): string {
  const compared = `${count(workloads, 'workload')}, ${count(lanes, 'way')} in`;
  const doubtful = doubts.filter(({ isCrossing }) => !isCrossing).length;
  const open =
    doubtful === 0 ? '' : `, except for ${count(doubtful, 'fact')} that ${doubtful === 1 ? 'is' : 'are'} not modelled`;
  if (workloads === 0) return 'nothing to prove: the intents speak of no workload\n';
  if (differences.length > 0) return `not the same: ${count(differences.length, 'difference')} (${compared})\n`;
  return `proved: every request is treated as the intents say${open} (${compared})\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A proof for a program. Fields are only ever added. */
export function proofToJson({ workloads, lanes, differences, doubts }: Proof): string {
  const report = {
    proved: differences.length === 0,
    workloads,
    waysIn: lanes,
    differences: differences.map(differenceToJson),
    notModelled: doubts.map(({ fact, demands }) => ({
      fact,
      workloads: demands.map(({ workload }) => ({ cluster: workload.cluster, name: keyOf(workload) })),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
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
