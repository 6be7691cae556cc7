import type { State } from '../../changes/change.js';
import { driftOf } from '../../changes/drift.js';
import { type Dump, readDump } from '../../changes/dump.js';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { saidSettings } from '../../installation/said-settings.js';
import { settingsInClusters } from '../../installation/settle.js';
import { readMesh } from '../../mesh/mesh.js';
import { parseSources, type Source } from '../../parse/parse-sources.js';
import { changesAsFindings, undecidedAsFindings } from '../../report/diff.js';
import { type DriftReport, driftToJson, driftToMarkdown, driftToText, toldDrift } from '../../report/drift.js';
import { readTopology } from '../../topology/build-topology.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { showingProgress } from '../progress.js';
import { type NamedDump, readDumps, readNamedDump } from '../project/dumps.js';
import { usageError } from '../usage-error.js';
import { type JudgedSide, judgeSide, labelsOf, loadOne } from './judged-sides.js';
import { report, reportAnswer, type Session } from './session.js';

export interface DriftCommandOptions {
  readonly filename: readonly string[];
  readonly cluster: readonly string[];
  readonly project?: string;
  readonly output: 'human' | 'json' | 'markdown';
}

/** Compares what clusters hold with what the project tells them, by what becomes of requests. */
export async function runDrift(session: Session, options: DriftCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const named = options.cluster.map(readNamedDump);
  if (named.includes(undefined)) return usageError(session, 'write `--cluster name=file`');
  const dumps: readonly NamedDump[] = [
    ...options.filename.map((path) => ({ cluster: undefined, path })),
    ...named.flatMap((each) => each ?? []),
  ];
  if (dumps.length === 0) return usageError(session, 'name a dump with `-f`, or with `--cluster name=file`');
  const { project } = options;
  const loaded = await loadOne(
    session,
    project === undefined ? { kind: 'working-tree' } : { kind: 'project', path: project },
    {
      filename: [],
    },
  );
  const told = await judgeSide(session, loaded, undefined);
  if (told.kind === 'failed') return told.exitCode;
  const clusters = told.state.mesh.topology.clusters.map(({ name }) => name);
  const read = await readDumps(host, dumps, clusters);
  if (hasErrors(read.diagnostics)) return stop(session, read.diagnostics);
  const found = stateOf(told, read.value);
  if (hasErrors(found.diagnostics)) return stop(session, found.diagnostics);
  const dumped = new Set(read.value.flatMap(({ cluster }) => cluster ?? []));
  const { state, dump, warnings } = found.value;
  const [before, after] = [withoutUnnamed(told.state, dumped), withoutUnnamed(state, dumped)];
  const drift = await showingProgress(session, (progress) =>
    driftOf(before, after, { unseen: dump.unseen, isSaid: saidBy(told), progress }),
  );
  const unread = read.diagnostics.filter(({ severity }) => severity === 'warning');
  report(session, [...unread, ...warnings, ...toldOf(dump)], host.workingDirectory);
  return print(session, options, reportOf(told, read.value, { drift, lacking: dump.lacking }));
}

function stop(session: Session, diagnostics: readonly Diagnostic[]): ExitCode {
  report(session, diagnostics, session.host.workingDirectory);
  return exitCodeOf(diagnostics);
}

function toldOf({ unseen, lacking }: Dump): readonly Diagnostic[] {
  return [
    ...unseen.map((each) => diagnostic('dump-in-part', each, null)),
    ...lacking.map((each) => diagnostic('dump-lacks-kind', each, null)),
  ];
}

interface Found {
  readonly state: State;
  readonly dump: Dump;
  /** What of the texts counts otherwise than it may be meant. */
  readonly warnings: readonly Diagnostic[];
}

/** What the dumps hold. Of Istio itself they count as well; where they say nothing of it, it is taken to be as the project says. */
function stateOf({ state, side }: JudgedSide, dumps: readonly Source[]): Result<Found> {
  const own = side.loaded.sources.filter(({ text, cluster }) => cluster === undefined && text.includes('ambit.dev/'));
  const { value: parsed, diagnostics } = parseSources([...own, ...dumps]);
  const paths = new Set(dumps.map(({ path }) => path));
  const objects = parsed.objects.filter(({ object }) => paths.has(object.document.file.path));
  const empty = dumps.filter(({ cluster }) => objects.every((each) => each.cluster !== cluster));
  const settings = settingsInClusters(state.mesh.topology.mesh, objects);
  const faults = [
    ...[...diagnostics, ...settings.diagnostics].filter(({ severity }) => severity === 'error'),
    ...empty.map(({ cluster = '' }) => diagnostic('empty-dump', { cluster }, null)),
  ];
  // Whatever else may be wrong with what a cluster holds: it is there.
  const dump = readDump(state, objects);
  const mesh = readMesh(readTopology(settings.value, dump.objects)).value;
  const warnings = diagnostics.filter(
    ({ severity, span }) => severity === 'warning' && paths.has(span?.file.path ?? ''),
  );
  return { value: { state: { mesh, objects: dump.objects }, dump, warnings }, diagnostics: faults };
}

/** Whether a setting of Istio is one that the project says, and not what is taken where nobody does. */
function saidBy({ state: { mesh, objects } }: JudgedSide): (cluster: string, setting: string) => boolean {
  const settings = mesh.topology.mesh;
  const said = new Map(
    settings.clusters.map((cluster) => {
      const own = objects.filter((each) => each.cluster === cluster.name).map(({ object }) => object);
      return [cluster.name, saidSettings(settings, cluster, own)];
    }),
  );
  return (cluster, setting) => said.get(cluster)?.has(setting) === true;
}

/** Of a cluster without a dump nothing is said. */
function withoutUnnamed(state: State, clusters: ReadonlySet<string>): State {
  const { mesh } = state.mesh.topology;
  if (mesh.clusters.every(({ name }) => clusters.has(name))) return state;
  const objects = state.objects.filter(({ cluster }) => clusters.has(cluster));
  const settings = { ...mesh, clusters: mesh.clusters.filter(({ name }) => clusters.has(name)) };
  return { objects, mesh: readMesh(readTopology(settings, objects)).value };
}

function reportOf(
  told: JudgedSide,
  dumps: readonly Source[],
  found: Pick<DriftReport, 'drift' | 'lacking'>,
): DriftReport {
  const { before } = labelsOf(told, told);
  const paths = new Set(dumps.map(({ path }) => path));
  const names = [...new Set(dumps.map(({ cluster = '' }) => cluster))].sort();
  return {
    ...found,
    sides: {
      before: { ...before, label: 'the project' },
      after: {
        label: names.length === 1 ? `cluster ${names.join()}` : `clusters ${names.join(', ')}`,
        inputs: undefined,
        displayPath: (path) => (paths.has(path) ? path : before.displayPath(path)),
        lineAt: before.lineAt,
      },
      isSameText: false,
    },
  };
}

function print(session: Session, { output }: DriftCommandOptions, told: DriftReport): ExitCode {
  const { changes, undecided } = told.drift.changes;
  reportAnswer(session, [...changesAsFindings(told.sides, toldDrift(told)), ...undecidedAsFindings(undecided)]);
  const { output: page } = session.host;
  if (output === 'json') page.write(driftToJson(told));
  else if (output === 'markdown') page.write(driftToMarkdown(told));
  else page.write(driftToText(told, pageOf(session)));
  if (changes.length > 0) return exitCodes.no;
  return undecided.some(({ isCrossing }) => !isCrossing) ? exitCodes.refused : exitCodes.success;
}
