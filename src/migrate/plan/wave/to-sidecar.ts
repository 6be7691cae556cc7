import type { OutputFile } from '../../../emit/output-files.js';
import { label } from '../../../topology/labels.js';
import { finalLabels } from '../../states/labels-of-state.js';
import { settling, unbinding } from '../../states/moment.js';
import {
  allowingUnseen,
  behindWaypoints,
  copiesOf,
  denyingGuards,
  goneFrom,
  inPhases,
  newIn,
  over,
  partOf,
  standingFor,
} from '../beside.js';
import { uncover } from '../commands.js';
import { finished, movingIn, type Step, stepOf, type WaveChange, withNamespaces } from './change.js';
import { openingRestarts } from './guarded-restarts.js';
import { openStep } from './guards.js';
import {
  bindingCommand,
  labelCommand,
  leavingPatch,
  namespacePatch,
  relabelledIn,
  relabelStep,
  unbindingPatch,
  unenrol,
} from './labels.js';
import { cleanupStep, copiesStep, newPolicies, routesStep } from './objects.js';

/** Pods get sidecars while waypoints still stand before them; only then callers come straight again. */
export function toSidecar(change: WaveChange): readonly Step[] {
  const { wave, from, before, after } = change;
  const labelled = withNamespaces(from, wave);
  const guards = denyingGuards(before, after);
  const copiesFrom = (files: readonly OutputFile[]) => copiesOf(partOf(before, files), after, change.waypoints);
  const copies = copiesFrom(goneFrom(before.files, guards.forTheEnd));
  const copied = over(before.files, copies);
  const policies = newPolicies(change);
  const meanwhile = behindWaypoints(after, policies, change.waypoints);
  const allowing = allowingUnseen(after, movingIn(change)).map(({ file, isFor }) => ({
    applied: meanwhile.filter(({ path }) => path === file.path),
    deleted: [],
    isFor,
  }));
  const later = allowing.flatMap(({ applied }) => applied);
  const beside = [...newIn(before.files, inPhases(after, '10-infrastructure')), ...goneFrom(meanwhile, later)];
  const tightened = newIn(meanwhile, policies);
  const covered = over(copied, beside);
  const early = goneFrom(guards.forTheEnd, after.files);
  const late = guards.forAmbientPods.map(({ file, isFor }) => ({
    applied: [],
    deleted: standingFor(file, before, after, change.waypoints),
    isFor,
  }));
  const opened = goneFrom(covered, early);
  const restarts = openingRestarts(change, labelled, opened, [...late, ...allowing]);
  const open = restarts.applied;
  const leaving = goneFrom(inPhases(before, '30-enrolment'), after.files);
  const rebound = newIn(before.files, inPhases(after, '30-enrolment'));
  const unbound = over(goneFrom(open, leaving), rebound);
  const tight = over(unbound, tightened);
  const free = unbinding(finished(labelled, wave), change.leaving);
  const end = settling(free, wave.namespaces);
  const enrolled = unenrol([...leaving, ...rebound], before.files, { moment: free, applied: unbound });
  const ambient = relabelledIn(change).filter(
    (namespace) => change.labelsOf(namespace)[label.dataplaneMode] !== undefined,
  );
  return [
    copiesStep(change, copies, copied),
    {
      ...stepOf(wave, 'policies', 'policies for sidecars stand beside those for waypoints and ztunnel'),
      files: beside,
      rollback: uncover(beside, before.files, { moment: from, applied: covered }),
      states: [{ title: 'old and new policies stand side by side', moment: from, applied: covered }],
    },
    openStep(change, { applied: [], deleted: early }, covered, { moment: from, applied: opened }),
    relabelStep(change, labelled, opened),
    ...restarts.steps,
    {
      ...stepOf(wave, 'unbinding', 'callers come straight to the pods'),
      files: rebound,
      patches: [...leaving.map((file) => unbindingPatch(file)), ...change.leaving.map(leavingPatch)],
      rollback: { ...enrolled, commands: [...enrolled.commands, ...change.leaving.map(bindingCommand)] },
      states:
        leaving.length + rebound.length + change.leaving.length === 0
          ? []
          : [{ title: 'callers come straight to the pods', moment: free, applied: unbound }],
    },
    {
      ...stepOf(wave, 'guards', 'policies make no exception for waypoints any more'),
      files: tightened,
      rollback: uncover(tightened, meanwhile, { moment: free, applied: tight }),
      states: [{ title: 'policies are as they stay', moment: free, applied: tight }],
    },
    {
      ...stepOf(wave, 'leaving', 'namespaces leave ambient'),
      patches: ambient.map((namespace) => namespacePatch(namespace, finalLabels('sidecar'))),
      rollback: {
        files: [],
        commands: ambient.map((namespace) => labelCommand(namespace, { [label.dataplaneMode]: 'ambient' })),
        states: [],
      },
      states: [{ title: 'the namespaces say nothing of ambient any more', moment: end, applied: tight }],
    },
    routesStep(change, end, tight),
    cleanupStep(change, end, tight),
  ];
}
