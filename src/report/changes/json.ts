import type { OutputProof } from '../../proof/prove-output.js';
import { proofForPrograms } from '../proof.js';
import type { Proved } from '../proved.js';
import type { WaypointReport } from '../waypoints/waypoints-of.js';
import type { ChangeReport } from './change-report.js';

/** What a compilation would change, for a program: one JSON document. Fields are only ever added. */
export function changesToJson(
  { directory, objects, effects }: ChangeReport,
  proof: OutputProof | undefined,
  proved: Proved | undefined,
  waypoints: readonly WaypointReport[],
): string {
  const report = {
    directory,
    upToDate: objects.every(({ change }) => change === 'unchanged'),
    objects: objects.map(({ change, path, cluster, phase, kind, namespace, name }) => ({
      change: change === 'annotated' ? 'changed' : change,
      commentsOnly: change === 'annotated',
      file: path,
      cluster,
      phase,
      kind,
      namespace: namespace ?? null,
      name,
    })),
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
