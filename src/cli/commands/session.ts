import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type Aside, nothingAside } from '../../report/aside.js';
import { diagnosticsToText } from '../../report/human.js';
import { diagnosticsToJson } from '../../report/json.js';
import type { Proved } from '../../report/proved.js';
import { colourLevel } from '../colour.js';
import { columnsOf } from '../columns.js';
import type { Host } from '../files/host.js';

export const diagnosticsFormats = ['human', 'json'] as const;
type DiagnosticsFormat = (typeof diagnosticsFormats)[number];

/** One run of a command: its host, and how it was told to speak. */
export interface Session {
  readonly host: Host;
  readonly diagnosticsFormat: DiagnosticsFormat;
  /** `false` after `--no-color`. */
  readonly color: boolean;
  /** Whether a person wants to hear of warnings and errors alone. */
  readonly quiet: boolean;
}

/** Further findings of a code are named below its first. */
const mostOfOneCode = 3;

/** Prints all diagnostics of a run, once; `directory` is what the paths of sources are relative to. */
export function report(
  session: Session,
  diagnostics: readonly Diagnostic[],
  directory: string,
  aside: Aside = nothingAside,
  proved?: Proved,
): void {
  const { host, diagnosticsFormat, quiet } = session;
  const told = quiet ? diagnostics.filter(({ severity }) => severity !== 'info') : diagnostics;
  const displayPath = displayPathFrom(host, directory);
  const text =
    diagnosticsFormat === 'json'
      ? diagnosticsToJson(diagnostics, displayPath, aside, undefined, proved)
      : diagnosticsToText(told, {
          colourLevel: colourLevel(session),
          displayPath,
          columns: columnsOf(host, host.messages),
          aside: quiet ? nothingAside : aside,
          mostOfOneCode,
        });
  host.messages.write(text);
}

/** How paths relative to a directory are shown: relative to where the command runs. */
export function displayPathFrom(host: Host, directory: string): (path: string) => string {
  return (path) => relative(host.workingDirectory, resolve(directory, path));
}

/** Tells a person how it went. A program that reads diagnostics as JSON gets nothing else on stderr. */
export function tell({ host, diagnosticsFormat, quiet }: Session, text: string): void {
  if (diagnosticsFormat === 'human' && !quiet) host.messages.write(`${text}\n`);
}
