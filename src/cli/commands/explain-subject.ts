import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { compile } from '../../pipeline.js';
import { explainSubject, subjectsOf } from '../../report/explain.js';
import { suggest } from '../../util/suggest.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type InputOptions, load } from '../project/load.js';
import { today } from '../today.js';
import { report, type Session } from './session.js';

/** Explains an emitted object or a rule: where it comes from, where it is enforced, and why there. */
export async function runExplainSubject(session: Session, subject: string, options: InputOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await load(host, options);
  if (hasErrors(diagnostics)) return fail(session, diagnostics, loaded.directory);
  const result = compile(loaded.sources, {
    today: today(host),
    inputs: loaded.inputs,
    provenance: 'full',
    verify: false,
  });
  const explanation = explainSubject(result, subject);
  if (explanation !== undefined) {
    host.output.write(explanation);
    return exitCodes.success;
  }
  const unknown = diagnostic('unknown-subject', { subject }, null, nearSubjects(subject, subjectsOf(result)));
  return fail(session, hasErrors(result.diagnostics) ? result.diagnostics : [unknown], loaded.directory);
}

/** People leave out where a thing lives, or misspell it. */
function nearSubjects(subject: string, known: readonly string[]): { help?: string } {
  const wanted = subject.toLowerCase();
  const longer = known.filter((name) => name.toLowerCase().endsWith(`/${wanted}`));
  const near = [...new Set([...longer, ...suggest(subject, known)])].slice(0, 4).map((name) => `\`${name}\``);
  return near.length === 0 ? {} : { help: `did you mean ${near.join(' or ')}?` };
}

function fail(session: Session, diagnostics: readonly Diagnostic[], directory: string): ExitCode {
  report(session, diagnostics, directory);
  return exitCodeOf(diagnostics);
}
