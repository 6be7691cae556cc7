import { resolve } from 'node:path';
import type { Host } from './host.js';
import type { ReportFile } from './report-files.js';

/** Commands that print a document whatever they are told, or speak a protocol. */
const printing: ReadonlySet<string> = new Set(['krm', 'lsp', 'mcp', 'schema', 'completion']);

/** Of the options of a command, those that say what it prints to stdout. */
export interface PrintingOptions {
  readonly emit?: string;
  readonly output?: string;
  readonly outputFile?: string;
  readonly stdout?: boolean;
}

/** Why a report cannot be where it is asked for; `undefined` where it can. */
export function reportClash(
  host: Host,
  { format, path }: ReportFile,
  options: PrintingOptions,
  command = '',
): string | undefined {
  const written = `\`--report ${format}=${path}\``;
  if (path !== '-')
    return holdsObjects(host, path) ? `${written} would overwrite a file that holds objects` : undefined;
  const document = printing.has(command) ? command : documentOption(options);
  return document && `${written} and \`${document}\` would both print to stdout`;
}

/** What a command prints for people takes a report beside it; a document would no longer be one. */
function documentOption({ emit, output = 'human', outputFile, stdout = false }: PrintingOptions): string | undefined {
  if (emit !== undefined) return `--emit ${emit}`;
  if (stdout) return '--stdout';
  return output === 'human' || outputFile !== undefined ? undefined : `-o ${output}`;
}

/** In YAML, in JSON, and in JSON on one line. */
const isObjects = /^\s*\{?\s*apiVersion\s*:|(^|[{,])\s*"apiVersion"\s*:/m;

/** A report takes the place of an earlier one, and never that of what somebody wrote for Kubernetes or for Ambit. */
function holdsObjects({ files, workingDirectory }: Host, path: string): boolean {
  const place = resolve(workingDirectory, path);
  try {
    if (files.status(place).kind !== 'file') return false;
    return isObjects.test(new TextDecoder().decode(files.read(place)));
  } catch {
    return false;
  }
}
