import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { judgeMesh } from '../../judged-mesh.js';
import { type SuggestReport, suggestionToJson, suggestionToText } from '../../report/suggest.js';
import type { Observations } from '../../suggest/observation.js';
import { readObservations, type Text } from '../../suggest/read-observations.js';
import { suggest } from '../../suggest/suggest.js';
import { type ExitCode, exitCodeOf } from '../exit-code.js';
import { largestLog, logIn, readLog } from '../files/read-log.js';
import { type InputOptions, load } from '../project/load.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { displayPathFrom, report, type Session, stop } from './session.js';

interface SuggestOptions extends InputOptions {
  readonly log: readonly string[];
  readonly output: 'human' | 'json';
}

/** Writes candidate rules for what logs tell and no rule lets through, and names the rules that no call used. */
export async function runSuggest(session: Session, options: SuggestOptions): Promise<ExitCode> {
  const { host } = session;
  if (options.log.length === 0) return usageError(session, 'name a log with `--log`, or `-` for stdin');
  const read = await readLogs(session, options.log);
  const { value: loaded, diagnostics: loading } = await load(host, options);
  const observations = readObservations(read.texts);
  const before = [...read.faults, ...loading, ...(read.faults.length > 0 ? [] : faultsOf(observations))];
  if (hasErrors(before)) return stop(session, before, loaded.directory);
  const { inputs } = loaded;
  const judging = { today: today(host), faults: [], written: undefined, question: undefined, inputs };
  const { value: judged, diagnostics } = await judgeMesh(loaded.sources, judging);
  const found = [...before, ...diagnostics];
  if (judged === undefined || hasErrors(found)) return stop(session, found, loaded.directory);
  const answer: SuggestReport = {
    suggestion: suggest(judged.mesh, judged.objects, observations),
    observations,
    placed: judged.placed,
    displayPath: displayPathFrom(host, loaded.directory),
  };
  const { write } = host.output;
  if (options.output === 'json') write(`${JSON.stringify(suggestionToJson(answer), null, 2)}\n`);
  else write(suggestionToText(answer));
  report(session, found, loaded.directory);
  return exitCodeOf(before);
}

interface Logs {
  readonly texts: readonly Text[];
  readonly faults: readonly Diagnostic[];
}

async function readLogs({ host }: Session, paths: readonly string[]): Promise<Logs> {
  const read = await Promise.all(
    paths.map(async (path) =>
      path === '-'
        ? logIn(await host.readStandardInput(largestLog), 'stdin')
        : readLog(host.files, resolve(host.workingDirectory, path), path),
    ),
  );
  return {
    texts: read.flatMap((each) => ('fault' in each ? [] : [each.parts])),
    faults: read.flatMap((each) => ('fault' in each ? each.fault : [])),
  };
}

function faultsOf({ all, lines, unknown, firstUnknown = '' }: Observations): readonly Diagnostic[] {
  if (all.length === 0) return [diagnostic('no-observed-call', { lines }, null)];
  return unknown === 0 ? [] : [diagnostic('unknown-log-lines', { unknown, lines, line: firstUnknown }, null)];
}
