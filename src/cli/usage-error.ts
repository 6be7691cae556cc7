import { diagnostic } from '../diagnostics/create.js';
import { report, type Session } from './commands/session.js';
import { type ExitCode, exitCodes } from './exit-code.js';

/** Says that the command line contradicts itself. */
export function usageError(session: Session, problem: string): ExitCode {
  report(session, [diagnostic('usage', { problem }, null)], session.host.workingDirectory);
  return exitCodes.invalid;
}
