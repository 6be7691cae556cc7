import { CommanderError } from 'commander';
import { diagnostic } from '../diagnostics/create.js';
import { report } from './commands/session.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { Host } from './files/host.js';
import { withInertOutput } from './inert-output.js';
import { sessionOf } from './program/runtime.js';
import { createProgram } from './program.js';

/** Runs one command line, without the program's name. Throws only for a bug. */
export async function runCli(argv: readonly string[], machine: Host): Promise<ExitCode> {
  const host = withInertOutput(machine);
  let exitCode: ExitCode = exitCodes.success;
  let isReportLost = false;
  const answer = (code: ExitCode) => {
    exitCode = code;
  };
  const reportLost = () => {
    isReportLost = true;
  };
  const program = createProgram({ host, answer, reportLost, run: runCli });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return isReportLost && exitCode === exitCodes.success ? exitCodes.invalid : exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.success;
    if (error.code === 'commander.help') return exitCodes.invalid;
    report(sessionOf(program, host, reportLost), [usageFault(error)], host.workingDirectory);
    return exitCodes.invalid;
  }
}

/** Commander says `error: …`, and what may have been meant on a line of its own. */
function usageFault({ message }: CommanderError) {
  const [problem = '', hint] = message.replace(/^error: /, '').split('\n');
  const help = hint === undefined ? 'see `ambit --help`' : hint.replace(/^\((.*)\)$/, '$1').replace(/^D/, 'd');
  return diagnostic('usage', { problem }, null, { help });
}
