import { label } from '../../../topology/labels.js';
import { finalLabels } from '../../states/labels-of-state.js';
import { settling } from '../../states/moment.js';
import { behindWaypoints, copiesOf, denyingGuards, goneFrom, inPhases, newIn, over } from '../beside.js';
import { uncover } from '../commands.js';
import { finished, type Step, stepOf, type WaveChange, withNamespaces } from './change.js';
import { openStep } from './guards.js';
import { labelCommand, namespacePatch, relabelledIn, relabelStep, unbindingPatch } from './labels.js';
import { cleanupStep, copiesStep, newPolicies, routesStep } from './objects.js';
import { restartSteps } from './restarts.js';

/** Pods get sidecars while waypoints still stand before them; only then callers come straight again. */
export function toSidecar(change: WaveChange): readonly Step[] {
  const { wave, from, before, after } = change;
  const labelled = withNamespaces(from, wave);
  const copies = copiesOf(before, after, change.waypoints);
  const copied = over(before.files, copies);
  const policies = newPolicies(change);
  const meanwhile = behindWaypoints(after, policies, change.waypoints);
  const beside = [...newIn(before.files, inPhases(after, '10-infrastructure')), ...meanwhile];
  const tightened = newIn(meanwhile, policies);
  const covered = over(copied, beside);
  const guards = denyingGuards(before);
  const early = goneFrom(guards.forTheEnd, after.files);
  const late = goneFrom(guards.forAmbientPods, after.files);
  const opened = goneFrom(covered, early);
  const open = goneFrom(opened, late);
  const leaving = goneFrom(inPhases(before, '30-enrolment'), after.files);
  const unbound = goneFrom(open, leaving);
  const tight = over(unbound, tightened);
  const end = settling(finished(labelled, wave), wave.namespaces);
  const moved = finished(labelled, wave);
  const relabelled = relabelledIn(change);
  return [
    copiesStep(change, copies, copied),
    {
      ...stepOf(wave, 'policies', 'policies for sidecars stand beside those for waypoints and ztunnel'),
      files: beside,
      rollback: uncover(beside, before.files, { moment: from, applied: covered }),
      states: [{ title: 'old and new policies stand side by side', moment: from, applied: covered }],
    },
    openStep(change, early, { moment: from, applied: opened }),
    relabelStep(change, labelled, opened),
    ...restartSteps(change, labelled, opened),
    openStep(change, late, { moment: moved, applied: open }),
    {
      ...stepOf(wave, 'unbinding', 'callers come straight to the pods'),
      patches: leaving.map((file) => unbindingPatch(file)),
      rollback: { files: leaving, commands: [], states: [] },
      states:
        leaving.length === 0 ? [] : [{ title: 'callers come straight to the pods', moment: moved, applied: unbound }],
    },
    {
      ...stepOf(wave, 'guards', 'policies make no exception for waypoints any more'),
      files: tightened,
      rollback: uncover(tightened, meanwhile, { moment: moved, applied: tight }),
      states: [{ title: 'policies are as they stay', moment: moved, applied: tight }],
    },
    {
      ...stepOf(wave, 'leaving', 'namespaces leave ambient'),
      patches: relabelled.map((namespace) => namespacePatch(namespace, finalLabels('sidecar'))),
      rollback: {
        files: [],
        commands: relabelled.map((namespace) => labelCommand(namespace, { [label.dataplaneMode]: 'ambient' })),
        states: [],
      },
      states: [{ title: 'the namespaces say nothing of ambient any more', moment: end, applied: tight }],
    },
    routesStep(change, end, tight),
    cleanupStep(change, end, copies, [...early, ...late]),
  ];
}
