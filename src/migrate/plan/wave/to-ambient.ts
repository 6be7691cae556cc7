import {
  allowingUnseen,
  behindWaypoints,
  copiesOf,
  denyingGuards,
  goneFrom,
  inPhases,
  isForGateways,
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
  const copies = copiesOf(before, after, []);
  const copied = over(before.files, copies);
  const guards = denyingGuards(after, before);
  const early = guards.forAmbientPods.map(({ file, isFor }) => ({
    applied: newIn(before.files, [file]),
    deleted: [],
    isFor,
  }));
  const late = newIn(before.files, guards.forTheEnd);
  const replacing = goneFrom(newPolicies(change), [...early.flatMap(({ applied }) => applied), ...late]);
  const old = goneFrom(newIn(after.files, before.files), replacing);
  const atGateways = replacing.filter(isForGateways);
  // Only once a waypoint is there its name is free for nobody else.
  const excepting = [
    ...newIn(copies, copiesOf(before, after, change.waypoints)),
    ...newIn(before.files, behindWaypoints(before, old, change.waypoints)),
  ];
  const policies = [...goneFrom(replacing, atGateways), ...excepting];
  const prepared = over(copied, atGateways);
  const standing = over(prepared, infrastructure);
  const covered = over(standing, policies);
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
    copiesStep(change, copies, copied),
    {
      ...stepOf(wave, 'waypoint-policies', 'policies for waypoints stand before these are there'),
      files: atGateways,
      rollback: uncover(atGateways, before.files, { moment: from, applied: prepared }),
      states: [{ title: 'policies stand for waypoints to come', moment: from, applied: prepared }],
    },
    {
      ...stepOf(wave, 'waypoints', 'waypoints come up'),
      files: infrastructure,
      rollback: uncover(infrastructure, before.files, { moment: from, applied: standing }),
      states: [{ title: 'the waypoints are there', moment: from, applied: standing }],
    },
    {
      ...stepOf(wave, 'policies', 'policies for ztunnel stand beside those for sidecars, and let waypoints in'),
      files: policies,
      rollback: uncover(policies, standing, { moment: from, applied: covered }),
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
