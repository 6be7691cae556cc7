import type { Command } from 'commander';
import type { Session } from '../commands/session.js';
import type { ExitCode } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { type ReportFile, reportWriter } from '../files/report-files.js';

/** What a command of the program is run with. */
export interface Runtime {
  readonly program: Command;
  readonly host: Host;
  readonly answer: (code: ExitCode) => void;
  readonly reportLost: () => void;
  /** Runs another command line on another host, as servers do for whoever asks. */
  readonly run: RunCommandLine;
}

export type RunCommandLine = (argv: readonly string[], host: Host) => Promise<ExitCode>;

/** The session that the global options ask for. */
export function sessionOf(program: Command, host: Host, reportLost: () => void): Session {
  const { diagnostics, report, color, quiet = false } = program.opts<GlobalOptions>();
  const [printed] = report.filter(({ path }) => path === '-');
  return {
    host,
    diagnosticsFormat: diagnostics,
    writeReports: reportWriter(host, report),
    printedReport: printed && `--report ${printed.format}=-`,
    reportLost,
    color,
    quiet,
  };
}

interface GlobalOptions {
  readonly diagnostics: Session['diagnosticsFormat'];
  readonly report: readonly ReportFile[];
  readonly color: boolean;
  readonly quiet?: boolean;
}

export function session({ program, host, reportLost }: Runtime): Session {
  return sessionOf(program, host, reportLost);
}
