import type { AccessReport, AnswerStatus, MeshReport } from '../mesh/mesh-report.js';

/** What the rest of the report says: evidence is read off it, and nothing is looked up anew. */
export type Facts = Omit<MeshReport, 'compliance'>;

/** An answer without what was asked. */
export interface Found {
  readonly status: AnswerStatus;
  readonly says: string;
  readonly evidence: readonly string[];
}

const shownAlternatives = 3;

export function amountOf(verdict: AccessReport['verdict'], through: readonly string[]): string {
  const rest = through.length - shownAlternatives;
  const some = [...through.slice(0, shownAlternatives), ...(rest > 0 ? [`${rest} more`] : [])].join(' or ');
  return { all: 'anything', some: `only ${some}`, none: 'nothing', undecided: 'undecided' }[verdict];
}
