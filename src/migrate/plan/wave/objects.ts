import type { OutputFile } from '../../../emit/output-files.js';
import type { Moment } from '../../states/moment.js';
import { goneFrom, inPhases, newIn, over, routesIn } from '../beside.js';
import { deletes, inOrderOfRemoval, uncover } from '../commands.js';
import { isNeededAgain, mayBeDeleted } from '../waypoints-of-others.js';
import { type Step, stepOf, type WaveChange } from './change.js';

export function newPolicies({ before, after }: WaveChange): readonly OutputFile[] {
  return newIn(before.files, goneFrom(inPhases(after, '20-policies', '40-guards'), routesIn(after)));
}

/** Copies stand before anything takes the place of what they are copies of. */
export function copiesStep(
  { wave, from }: WaveChange,
  copies: readonly OutputFile[],
  applied: readonly OutputFile[],
): Step {
  return {
    ...stepOf(wave, 'copies', 'policies that are about to change get copies that stay'),
    files: copies,
    rollback: uncover(copies, [], { moment: from, applied }),
    states: [{ title: 'copies say what the policies say', moment: from, applied }],
  };
}

export function routesStep({ wave, before, after }: WaveChange, moment: Moment, applied: readonly OutputFile[]): Step {
  const files = newIn(before.files, routesIn(after));
  const standing = over(applied, files);
  const replaced = goneFrom(routesIn(before), after.files);
  return {
    ...stepOf(wave, 'routes', 'routes for the other plane take the place of the old ones'),
    files,
    rollback: uncover(files, before.files, { moment, applied: standing }),
    // Whichever a proxy reads first, a request is routed by an old route or by a new one, and the state before has the old ones alone.
    states: [
      { title: 'requests may be routed by new routes', moment, applied: over(goneFrom(applied, replaced), files) },
    ],
  };
}

/** Takes away what stands and is not there in the end, and names what is for others to take away. */
export function cleanupStep(change: WaveChange, moment: Moment, standing: readonly OutputFile[]): Step {
  const { wave, after, leftWaypoints } = change;
  const left = inOrderOfRemoval(goneFrom(standing, after.files).filter(({ text }) => !isLabelsOnly(text)));
  return {
    ...stepOf(wave, 'cleanup', 'what was there for the way is taken away'),
    commands: [...deletes(left), ...leftWaypoints.map(mayBeDeleted)],
    // Policies that come back add up as they did; routes stand beside the new ones, and either are proved by themselves.
    rollback: { files: left, commands: leftWaypoints.map(isNeededAgain), states: [] },
    states: [{ title: 'everything has moved', moment, applied: after.files }],
  };
}

/** Whether a file holds labels for an object that others own, and not the object. */
function isLabelsOnly(text: string): boolean {
  return text.includes('# a patch: ');
}
