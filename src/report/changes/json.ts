import type { OutputProof } from '../../proof/prove-output.js';
import { sortBy } from '../../util/order.js';
import { proofForPrograms } from '../proof.js';
import type { Proved } from '../proved.js';
import type { WaypointReport } from '../waypoints/waypoints-of.js';
import type { ChangeReport } from './change-report.js';
import {
  type ChangedObject,
  type NamedObject,
  type ObjectAt,
  unchangedObject,
  type WrittenFile,
} from './changed-objects.js';

/** What a compilation would change, for a program: one JSON document. Fields are only ever added. */
export function changesToJson(
  { directory, objects, unchanged, effects }: ChangeReport,
  objectAt: ObjectAt,
  proof: OutputProof | undefined,
  proved: Proved | undefined,
  waypoints: readonly WaypointReport[],
): string {
  const unchangedForPrograms = (file: WrittenFile) =>
    forPrograms(unchangedObject(file, objectAt), { change: 'unchanged', commentsOnly: false });
  const report = {
    directory,
    upToDate: objects.length === 0,
    objects: sortBy([...objects.map(changedForPrograms), ...unchanged.map(unchangedForPrograms)], ({ file }) => file),
    effects: effects.map(({ kind, cluster, subject, waypoint }) => ({
      kind,
      cluster,
      subject,
      waypoint: waypoint ?? null,
    })),
    waypoints: waypoints.map(({ pods, ...waypoint }) => ({ ...waypoint, pods: pods ?? null })),
    proof: proof === undefined ? null : proofForPrograms(proof),
    counts: proved ?? null,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function changedForPrograms(object: ChangedObject): ObjectForPrograms {
  const commentsOnly = object.change === 'annotated';
  return forPrograms(object, { change: commentsOnly ? 'changed' : object.change, commentsOnly });
}

type ObjectForPrograms = ReturnType<typeof forPrograms>;

function forPrograms(
  { path, cluster, phase, kind, namespace, name }: NamedObject,
  { change, commentsOnly }: { readonly change: string; readonly commentsOnly: boolean },
) {
  return { change, commentsOnly, file: path, cluster, phase, kind, namespace: namespace ?? null, name };
}
