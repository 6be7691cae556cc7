import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { sourceOf, type Target } from '../../migrate/states/labels-of-state.js';
import type { JudgedNamespace, MigrationStatus } from '../../migrate/status/status.js';
import { counted } from '../words.js';

/** A line for each namespace, and below it what it lacks and what becomes of requests if it goes on or back. */
export function statusToText({ namespaces, findings, hasIntents, target }: MigrationStatus): string {
  if (namespaces.length === 0) return 'no workload of the dump is in the mesh\n';
  const several = new Set(namespaces.map(({ cluster }) => cluster)).size > 1;
  const lines = namespaces.flatMap((each) => [
    `${several ? `${each.cluster}/` : ''}${each.namespace}: ${each.standing} (${each.moved} of ${counted(each.workloads, 'workload')} on ${target})`,
    ...each.missing.map((what) => `  to do: ${what}`),
    ...directions(each, target),
  ]);
  const against = hasIntents ? 'the intents' : 'what its policies seem to say';
  const now =
    findings.length === 0
      ? `now: nothing is otherwise than ${against}`
      : `now: ${counted(findings.length, 'finding')} against ${against}`;
  const isOnItsWay = namespaces.some(({ on }) => on !== undefined);
  return `${[...lines, now, ...(hasIntents || !isOnItsWay ? [] : [asking])].join('\n')}\n`;
}

const asking = 'without intents nobody says who may call pods past their waypoints: give them too, with `-f`';

function directions(each: JudgedNamespace, target: Target): readonly string[] {
  const { standing, moved, workloads, on, back } = each;
  const isMoved = moved === workloads;
  const isRestarting = standing === 'labelled, and no pod has moved' || standing === 'being restarted';
  const restart = (plane: Target) => `restart its pods on ${plane} as things are`;
  const asked = isMoved ? 'take away what is left' : isRestarting ? 'go on' : restart(target);
  return [
    ...directionLines('go on', asked, on),
    ...directionLines('go back', isMoved ? restart(sourceOf(target)) : 'go back', back),
  ];
}

/** A plan has more to do before pods restart and before what is left goes, so a finding is told of just that step. */
function directionLines(title: string, asked: string, found: readonly Diagnostic[] | undefined): readonly string[] {
  if (found === undefined) return [];
  if (found.length === 0) return [`  safe to ${title}`];
  return [
    `  not safe to ${asked}: ${counted(found.length, 'finding')}`,
    ...found
      .slice(0, most)
      .map(({ code, message, witness }) => `    ${code} ${message}${witness === undefined ? '' : `; ${witness}`}`),
  ];
}

/** More are for `verify` to tell. */
const most = 3;
