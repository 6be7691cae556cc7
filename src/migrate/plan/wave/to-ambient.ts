import {
  allowingUnseen,
  behindWaypoints,
  copiesOf,
  denyingGuards,
  goneFrom,
  inPhases,
  newIn,
  notYetReady,
  over,
  standingFor,
} from '../beside.js';
import { uncover } from '../commands.js';
import { finished, movingIn, type Step, stepOf, type WaveChange, withNamespaces } from './change.js';
import { closingRestarts } from './guarded-restarts.js';
import { closeStep } from './guards.js';
import { relabelStep, unenrol } from './labels.js';
import { cleanupStep, copiesStep, newPolicies, routesStep } from './objects.js';

/** Callers come through the waypoint before the pods behind it move, and the old policies stay until all have. */
export function toAmbient(change: WaveChange): readonly Step[] {
  const { wave, from, before, after } = change;
  const labelled = withNamespaces(from, wave);
  const infrastructure = newIn(before.files, inPhases(after, '10-infrastructure'));
  const standing = over(before.files, infrastructure);
  const copies = copiesOf(before, after, change.waypoints);
  const copied = over(standing, copies);
  const guards = denyingGuards(after, before);
  const early = guards.forAmbientPods.map(({ file, isFor }) => ({
    applied: newIn(before.files, [file]),
    deleted: [],
    isFor,
  }));
  const late = newIn(before.files, guards.forTheEnd);
  const replacing = goneFrom(newPolicies(change), [...early.flatMap(({ applied }) => applied), ...late]);
  const old = goneFrom(newIn(after.files, before.files), replacing);
  const policies = [...replacing, ...newIn(before.files, behindWaypoints(before, old, change.waypoints))];
  const covered = over(copied, policies);
  const enrolment = newIn(before.files, inPhases(after, '30-enrolment'));
  const bound = over(covered, enrolment);
  const allowing = allowingUnseen(before, movingIn(change)).map(({ file, isFor }) => ({
    applied: [],
    deleted: standingFor(file, before, after, change.waypoints),
    isFor,
  }));
  const restarts = closingRestarts(change, labelled, bound, [...early, ...allowing]);
  const guarded = over(restarts.applied, late);
  const moved = finished(labelled, wave);
  return [
    {
      ...stepOf(wave, 'waypoints', 'waypoints come up, and nothing goes through them yet'),
      files: infrastructure,
      rollback: uncover(infrastructure, before.files, { moment: from, applied: standing }),
      states: [{ title: 'the waypoints are there', moment: from, applied: standing }],
    },
    copiesStep(change, copies, copied),
    {
      ...stepOf(wave, 'policies', 'policies for waypoints and ztunnel stand beside those for sidecars'),
      files: policies,
      rollback: uncover(policies, before.files, { moment: from, applied: covered }),
      states: [{ title: 'old and new policies stand side by side', moment: from, applied: covered }],
    },
    {
      ...stepOf(wave, 'enrolment', 'callers come through the waypoints'),
      files: enrolment,
      rollback: unenrol(enrolment, before.files, { moment: from, applied: bound }),
      states:
        enrolment.length === 0
          ? []
          : [
              {
                title: 'a Service is bound, and its waypoint is not ready',
                moment: from,
                applied: over(bound, infrastructure.map(notYetReady)),
              },
              { title: 'callers come through the waypoints', moment: from, applied: bound },
            ],
    },
    relabelStep(change, labelled, bound),
    ...restarts.steps,
    closeStep(change, { applied: late, deleted: [] }, restarts.applied, { moment: moved, applied: guarded }),
    routesStep(change, moved, guarded),
    cleanupStep(change, moved, guarded),
  ];
}
