import { diagnostic } from '../../diagnostics/create.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import { report, type Session } from './session.js';

/** Says that nothing of that name can be explained, and what may have been meant. */
export function reportUnknownSubject(session: Session, subject: string, near: readonly string[]): ExitCode {
  const names = near.map((name) => `\`${name}\``);
  const details = names.length > 0 ? { help: `did you mean ${names.join(' or ')}?` } : {};
  report(session, [diagnostic('unknown-subject', { subject }, null, details)], session.host.workingDirectory);
  return exitCodes.invalid;
}
