import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { meshReport } from '../../report/mesh/build.js';
import { type MeshFormat, meshFormats } from '../../report/mesh/formats.js';
import { graphOf, mostEdges } from '../../report/mesh/graph.js';
import type { MeshReport } from '../../report/mesh/mesh-report.js';
import { reportedMesh } from '../../reported-mesh.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { shownPath } from '../files/shown-path.js';
import { writeFile } from '../files/write-file.js';
import { showingProgress } from '../progress.js';
import { readFrameworks, shippedFrameworks } from '../project/frameworks.js';
import { type InputOptions, load } from '../project/load.js';
import { today } from '../today.js';
import { report, type Session, tell } from './session.js';

export interface ReportCommandOptions extends InputOptions {
  readonly output: MeshFormat;
  readonly outputFile?: string;
  readonly framework: readonly string[];
  /** The day that acceptances are judged by; the clock's where it is not given. */
  readonly today?: string;
}

/**
 * Writes what is proved of a mesh for whoever has to answer for it. A mesh that is refused is told as well, as long as it
 * can be judged, and the exit code says so.
 */
export async function runReport(session: Session, options: ReportCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const named = options.framework.length > 0 ? options.framework : shippedFrameworks;
  const { value: frameworks, diagnostics: ofFrameworks } = readFrameworks(host, named);
  if (hasErrors(ofFrameworks)) {
    report(session, ofFrameworks, host.workingDirectory);
    return exitCodeOf(ofFrameworks);
  }
  const { value: loaded, diagnostics: loading } = await load(host, options);
  const day = options.today ?? today(host);
  const { judged, reported } = hasErrors(loading)
    ? { judged: undefined, reported: undefined }
    : await showingProgress(session, (progress) =>
        reportedMesh(loaded.sources, { today: day, said: loading, inputs: loaded.inputs, progress }),
      );
  const diagnostics = judged?.diagnostics ?? loading;
  if (judged === undefined || reported === undefined) {
    report(session, diagnostics, loaded.directory);
    return exitCodeOf(diagnostics);
  }
  // Places are told as they lie in the project, so that whoever opens the page elsewhere knows them.
  const told = meshReport({
    ...reported,
    title: reported.topology.mesh.name,
    day,
    frameworks,
    displayPath: (path) => path,
  });
  report(session, [...diagnostics, ...remarks(told, options)], loaded.directory, {
    accepted: judged.accepted,
    below: [],
    inputs: loaded.inputs,
  });
  return deliver(session, options, told, exitCodeOf(diagnostics));
}

/** What a drawing leaves out is said where it is asked for. */
function remarks(told: MeshReport, { output }: ReportCommandOptions): readonly Diagnostic[] {
  if (output !== 'mermaid' && output !== 'dot') return [];
  const { isByNamespace, calls } = graphOf(told);
  if (!isByNamespace) return [];
  return [diagnostic('graph-by-namespace', { calls: String(calls), most: String(mostEdges) }, null)];
}

function deliver(session: Session, options: ReportCommandOptions, told: MeshReport, exitCode: ExitCode): ExitCode {
  const { host } = session;
  const text = meshFormats[options.output](told);
  if (options.outputFile === undefined) {
    host.output.write(text);
    return exitCode;
  }
  const path = resolve(host.workingDirectory, options.outputFile);
  const lost = writeFile(host, path, text);
  if (lost.length > 0) {
    report(session, lost, host.workingDirectory);
    return exitCodes.invalid;
  }
  tell(session, `wrote ${shownPath(host, path)}`);
  return exitCode;
}
