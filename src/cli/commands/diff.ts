import type { Changes } from '../../changes/change.js';
import { withClusterNames } from '../../changes/cluster-names.js';
import { compareMeshes } from '../../changes/compare-meshes.js';
import type { IstioVersion } from '../../parse/mesh.js';
import {
  changesAsFindings,
  type DiffReport,
  diffToJson,
  diffToMarkdown,
  diffToText,
  toldChanges,
  undecidedAsFindings,
} from '../../report/diff.js';
import { newMemory } from '../../util/memory.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import { showingProgress } from '../progress.js';
import { type SideName, withoutRange } from '../project/sides.js';
import { usageError } from '../usage-error.js';
import { judgeSide, labelsOf, loadOne } from './judged-sides.js';
import { reportAnswer, type Session } from './session.js';

type Sides = readonly [SideName, SideName];

export interface DiffCommandOptions {
  readonly filename: readonly string[];
  readonly project: readonly string[];
  readonly base?: string;
  readonly istio?: IstioVersion;
  readonly output: 'human' | 'json' | 'markdown';
}

/** Compares two states of a mesh, and says what means something else. */
export async function runDiff(
  session: Session,
  names: readonly string[],
  options: DiffCommandOptions,
): Promise<ExitCode> {
  const sides = sidesNamed(withoutRange(session.host, names), options);
  if (typeof sides === 'string') return usageError(session, sides);
  const [project] = options.project;
  const read = { filename: options.filename, ...(project !== undefined && { project }) };
  const [before, after] = [await loadOne(session, sides[0], read), await loadOne(session, sides[1], read)];
  const memory = newMemory();
  const was = await judgeSide(session, before, undefined, memory);
  const is = await judgeSide(session, after, options.istio, memory);
  if (was.kind === 'failed') return was.exitCode;
  if (is.kind === 'failed') return is.exitCode;
  const changes = await showingProgress(session, (progress) =>
    compareMeshes(was.state, withClusterNames(was.state, is.state), { progress }),
  );
  const told: DiffReport = { ...labelsOf(was, is, options.istio), changes };
  reportAnswer(session, [...changesAsFindings(told, toldChanges(told)), ...undecidedAsFindings(changes.undecided)]);
  const { output } = session.host;
  if (options.output === 'json') output.write(diffToJson(told));
  else if (options.output === 'markdown') output.write(diffToMarkdown(told));
  else output.write(diffToText(told, pageOf(session)));
  return was.refusals.length + is.refusals.length > 0 ? exitCodes.refused : exitCodeFor(told.changes);
}

/** What is compared with what; a sentence where that is not said clearly. */
function sidesNamed(names: readonly string[], { project, base, istio }: DiffCommandOptions): Sides | string {
  const [first, second, ...others] = [...(base === undefined ? [] : [base]), ...names];
  if (others.length > 0) return 'two sides are compared at a time, and `--base` names one of them';
  const here: SideName = { kind: 'working-tree' };
  const [before, after, ...more] = project;
  if (before !== undefined && after !== undefined) {
    if (more.length > 0 || first !== undefined)
      return 'two projects are both sides: `--project staging --project prod`';
    return [
      { kind: 'project', path: before },
      { kind: 'project', path: after },
    ];
  }
  if (first === undefined) return istio === undefined ? [{ kind: 'named', name: 'HEAD' }, here] : [here, here];
  return [{ kind: 'named', name: first }, second === undefined ? here : { kind: 'named', name: second }];
}

function exitCodeFor({ changes, undecided }: Changes): ExitCode {
  if (undecided.some(({ isCrossing }) => !isCrossing)) return exitCodes.refused;
  return changes.length > 0 ? exitCodes.no : exitCodes.success;
}
