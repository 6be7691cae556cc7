import { join } from 'node:path';
import { catalogue } from '../../diagnostics/catalogue.js';
import { diagnostic } from '../../diagnostics/create.js';
import { suggest } from '../../util/suggest.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import type { InputOptions } from '../project/load.js';
import { report, type Session } from './session.js';

const codes = Object.values(catalogue).map(({ code }) => String(code));

/** Explains a code from its page, and anything else from a compilation of the inputs. */
export async function runExplain(session: Session, subject: string, options: InputOptions): Promise<ExitCode> {
  const code = subject.toUpperCase();
  if (/^AMB\d*$/.test(code)) return explainCode(session, code);
  const { runExplainSubject } = await import('./explain-subject.js');
  return runExplainSubject(session, subject, options);
}

function explainCode(session: Session, code: string): ExitCode {
  const { host } = session;
  if (!codes.includes(code)) return explainUnknownCode(session, code);
  const page = host.files.read(join(host.packageDirectory, 'docs', 'diagnostics', `${code}.md`));
  host.output.write(new TextDecoder().decode(page));
  return exitCodes.success;
}

function explainUnknownCode(session: Session, code: string): ExitCode {
  const near = suggest(code, codes).map((name) => `\`${name}\``);
  const details = near.length > 0 ? { help: `did you mean ${near.join(' or ')}?` } : {};
  report(session, [diagnostic('unknown-subject', { subject: code }, null, details)], session.host.workingDirectory);
  return exitCodes.invalid;
}
