import { join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type Aside, nothingAside } from '../../report/aside.js';
import type { Findings } from '../../report/formats/findings.js';
import { printFindings, reportFormats } from '../../report/formats/formats.js';
import { diagnosticsToText } from '../../report/human.js';
import type { Proved } from '../../report/proved.js';
import { colourLevel } from '../colour.js';
import { columnsOf } from '../columns.js';
import { type ExitCode, exitCodeOf } from '../exit-code.js';
import type { Host } from '../files/host.js';
import type { ReportWriter } from '../files/report-files.js';

export const diagnosticsFormats = ['human', ...reportFormats] as const;
type DiagnosticsFormat = (typeof diagnosticsFormats)[number];

/** One run of a command: its host, and how it was told to speak. */
export interface Session {
  readonly host: Host;
  readonly diagnosticsFormat: DiagnosticsFormat;
  /** Writes the reports that were asked for, beside what is printed. */
  readonly writeReports: ReportWriter;
  /** The report that goes to stdout, as it was asked for: there is no room for a document then. */
  readonly printedReport?: string | undefined;
  /** Called where one of these files could not be written: whoever waits for it must not take the run for a success. */
  readonly reportLost: () => void;
  /** `false` after `--no-color`. */
  readonly color: boolean;
  /** Whether a person wants to hear of warnings and errors alone. */
  readonly quiet: boolean;
}

/** Where the pages of diagnostics lie, below the package. */
export const pagesDirectory = 'docs/diagnostics';

/** Further findings of a code are named below its first. */
const mostOfOneCode = 3;

/** Prints all diagnostics of a run, once, and writes its reports; `directory` is what the paths of sources are relative to. */
export function report(
  session: Session,
  diagnostics: readonly Diagnostic[],
  directory: string,
  aside: Aside = nothingAside,
  proved?: Proved,
): void {
  reportShown(session, diagnostics, displayPathFrom(session.host, directory), aside, proved);
}

/** The same of sources whose paths are shown in a way of their own. */
export function reportShown(
  session: Session,
  diagnostics: readonly Diagnostic[],
  displayPath: Findings['displayPath'],
  aside: Aside = nothingAside,
  proved?: Proved,
): void {
  const findings = {
    diagnostics,
    accepted: aside.accepted,
    aside,
    proved,
    displayPath,
    ...surroundings(session.host),
  };
  const lost = write(session, { ...findings, diagnostics: [...diagnostics, ...(aside.answered ?? [])] });
  print(session, { ...findings, diagnostics: [...diagnostics, ...lost] });
}

/** Ends a run that cannot go on: prints why, and answers with the exit code for it. */
export function stop(session: Session, diagnostics: readonly Diagnostic[], directory: string): ExitCode {
  report(session, diagnostics, directory);
  return exitCodeOf(diagnostics);
}

/** Tells reports alone what the answer on stdout tells by itself; places have the paths that they are shown by. */
export function reportAnswer(session: Session, answered: readonly Diagnostic[]): void {
  const { host } = session;
  const displayPath = displayPathFrom(host, host.workingDirectory);
  const findings = { accepted: [], aside: nothingAside, displayPath, ...surroundings(host) };
  const lost = write(session, { ...findings, diagnostics: answered });
  if (lost.length > 0) print(session, { ...findings, diagnostics: lost });
}

function write({ writeReports, reportLost }: Session, findings: Findings): readonly Diagnostic[] {
  const lost = writeReports(findings);
  if (lost.length > 0) reportLost();
  return lost;
}

function print(session: Session, findings: Findings): void {
  const { host, diagnosticsFormat } = session;
  const text = diagnosticsFormat === 'human' ? textOf(session, findings) : printFindings(diagnosticsFormat, findings);
  host.messages.write(text);
}

function surroundings(host: Host): Pick<Findings, 'pageOf' | 'version'> {
  return { pageOf: (code) => pageOfCode(host, code), version: host.version };
}

/** The page of a code, in Markdown. */
export function pageOfCode({ files, packageDirectory }: Host, code: string): string {
  return new TextDecoder().decode(files.read(join(packageDirectory, pagesDirectory, `${code}.md`)));
}

function textOf(session: Session, { diagnostics, aside, displayPath }: Findings): string {
  const { host, quiet } = session;
  return diagnosticsToText(quiet ? diagnostics.filter(({ severity }) => severity !== 'info') : diagnostics, {
    colourLevel: colourLevel(session),
    displayPath,
    columns: columnsOf(host, host.messages),
    aside: quiet ? nothingAside : aside,
    mostOfOneCode,
  });
}

/** How paths relative to a directory are shown: relative to where the command runs. */
export function displayPathFrom(host: Host, directory: string): (path: string) => string {
  return (path) => relative(host.workingDirectory, resolve(directory, path));
}

/** Tells a person how it went. A program that reads diagnostics gets nothing else on stderr. */
export function tell({ host, diagnosticsFormat, quiet }: Session, text: string): void {
  if (diagnosticsFormat === 'human' && !quiet) host.messages.write(`${text}\n`);
}
