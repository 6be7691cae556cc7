import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Findings } from '../../report/formats/findings.js';
import { printFindings, type ReportFormat, reportFormats } from '../../report/formats/formats.js';
import { mergeFindings } from '../../report/formats/merge.js';
import type { FileKind, FileSystem, Host } from './host.js';
import { reasonOf } from './system-error.js';
import { writeFile } from './write-file.js';

/** A file that a report of the run is written to, beside what is printed. */
export interface ReportFile {
  readonly format: ReportFormat;
  readonly path: string;
}

/** Reads `sarif=ambit.sarif`; `undefined` where it is not written so. */
export function readReportFile(written: string): ReportFile | undefined {
  const at = written.indexOf('=');
  const format = reportFormats.find((each) => each === written.slice(0, at));
  const path = written.slice(at + 1);
  return format === undefined || path === '' ? undefined : { format, path };
}

/** Takes what a part of a run found, and says what could not be written. */
export type ReportWriter = (part: Findings) => readonly Diagnostic[];

/** Writes the reports that were asked for: files with all that was found so far, and `-`, which is stdout, with what is new. */
export function reportWriter(host: Host, files: readonly ReportFile[]): ReportWriter {
  const parts: Findings[] = [];
  return (part) => {
    parts.push(part);
    return files.flatMap(({ format, path }) => {
      if (path !== '-') return writeReport(host, path, printFindings(format, mergeFindings(parts)));
      host.output.write(printFindings(format, part));
      return [];
    });
  };
}

/** A pipe, or a terminal such as `/dev/stderr`, is written into; a link stays a link. */
function writeReport(host: Host, path: string, text: string): readonly Diagnostic[] {
  const { files } = host;
  const target = realPathOf(files, resolve(host.workingDirectory, path));
  if (kindOf(files, target) !== 'other') return writeFile(host, target, text);
  try {
    files.write(target, text);
    return [];
  } catch (error) {
    return [diagnostic('output-not-written', { path, reason: reasonOf(error) }, null)];
  }
}

function realPathOf(files: FileSystem, path: string): string {
  return kindOf(files, path) === undefined ? path : files.realPath(path);
}

/** `undefined` where there is nothing yet. */
function kindOf(files: FileSystem, path: string): FileKind | undefined {
  try {
    return files.status(path).kind;
  } catch {
    return undefined;
  }
}
