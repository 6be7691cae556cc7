import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Findings } from '../../report/formats/findings.js';
import { printFindings, type ReportFormat, reportFormats } from '../../report/formats/formats.js';
import type { FileSystem, Host } from './host.js';
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

/** Writes the reports that were asked for, and says which could not be written. */
export function writeReportFiles(host: Host, files: readonly ReportFile[], findings: Findings): readonly Diagnostic[] {
  return files.flatMap(({ format, path }) => {
    const text = printFindings(format, findings);
    const target = resolve(host.workingDirectory, path);
    return isDevice(host.files, target) ? writeThrough(host.files, target, text, path) : writeFile(host, target, text);
  });
}

/** A pipe or a terminal, such as `/dev/stdout`: it is written into, and no file takes its place. */
function isDevice(files: FileSystem, path: string): boolean {
  try {
    return files.status(path).kind === 'other';
  } catch {
    return false;
  }
}

function writeThrough(files: FileSystem, target: string, text: string, path: string): readonly Diagnostic[] {
  try {
    files.write(target, text);
    return [];
  } catch (error) {
    return [diagnostic('output-not-written', { path, reason: reasonOf(error) }, null)];
  }
}
