import type { Drift } from '../../changes/drift.js';
import type { LackingKind } from '../../changes/dump.js';
import { groupBy } from '../../util/order.js';
import type { DiffReport, ToldChange } from '../diff/diff-report.js';
import { toldChanges } from '../diff/tell.js';
import { titleOf } from '../diff/titles.js';
import { counted } from '../words.js';

/** What clusters do otherwise than they were told, with how both are called. */
export interface DriftReport {
  readonly sides: Omit<DiffReport, 'changes'>;
  readonly drift: Drift;
  readonly lacking: readonly LackingKind[];
}

/** What drifted, in words. In a dump nobody traces: only the command on the project's side is told. */
export function toldDrift({ sides, drift }: DriftReport): readonly ToldChange[] {
  return toldChanges({ ...sides, changes: drift.changes }).map(({ witness, ...told }) => ({
    ...told,
    witness: witness && { ...witness, after: { ...witness.after, command: undefined } },
  }));
}

/** The answer in a line. */
export function driftInWords({ sides: { after }, drift: { changes, unknown } }: DriftReport): string {
  const counts = [...groupBy(changes.changes, ({ kind }) => kind)].map(
    ([kind, all]) => `${all.length} × ${titleOf(kind).title}`,
  );
  const beside = unknown === 0 ? '' : `; ${counted(unknown, 'workload')} there that the project does not know`;
  if (counts.length > 0) return `${after.label} has drifted from the project: ${counts.join(', ')}${beside}`;
  if (changes.undecided.some(({ isCrossing }) => !isCrossing))
    return `${after.label}: no drift was found, and not all could be compared${beside}`;
  const { places } = changes.compared;
  return `${after.label} enforces what the project says, proved for ${counted(places, 'destination')}${beside}`;
}
