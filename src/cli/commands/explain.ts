import { catalogue } from '../../diagnostics/catalogue.js';
import { citationsOf, documentNames } from '../../laws/citation.js';
import { suggest } from '../../util/suggest.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import type { BaselineOptions } from '../project/baseline-file.js';
import type { InputOptions } from '../project/load.js';
import { usageError } from '../usage-error.js';
import { showPage } from './page.js';
import { pageOfCode, type Session } from './session.js';
import { reportUnknownSubject } from './unknown-subject.js';

const codes = Object.values(catalogue).map(({ code }) => String(code));

/** What is to be explained: `kinds` may be followed by one of them. */
interface Question {
  readonly subject: string | undefined;
  readonly kind: string | undefined;
}

interface ExplainOptions extends InputOptions, BaselineOptions {
  readonly effective?: string;
  readonly impact?: string;
  readonly log?: string;
  readonly from?: string;
  readonly output: 'human' | 'json';
}

/**
 * Explains a line of a log, a code from its page, a law of Istio from what is known of it, a kind or a field from the inventory, `accepted` by
 * all that is, and anything else from a compilation of the inputs.
 */
export async function runExplain(
  session: Session,
  { subject, kind }: Question,
  options: ExplainOptions,
): Promise<ExitCode> {
  const { effective, impact, log } = options;
  if (effective !== undefined || impact !== undefined || log !== undefined) {
    if (subject !== undefined)
      return usageError(session, `one subject is explained at a time: \`${subject}\` is a second`);
    return log === undefined
      ? explainSettings(session, { effective, impact }, options)
      : explainLog(session, log, options);
  }
  if (subject === undefined) return usageError(session, 'name what is to be explained');
  if (kind !== undefined && subject !== 'kinds')
    return usageError(session, `one subject is explained at a time: \`${kind}\` is a second`);
  const code = subject.toUpperCase();
  if (/^AMB\d*$/.test(code)) return explainCode(session, code);
  if (subject === 'accepted') {
    const { runExplainAccepted } = await import('./explain-accepted.js');
    return runExplainAccepted(session, options);
  }
  const citations = citationsOf(subject);
  if (citations.length > 0) {
    const { runExplainLaw } = await import('./explain-law.js');
    return runExplainLaw(session, citations);
  }
  const document = documentNames.find((name) => name === subject.toLowerCase());
  if (document !== undefined) {
    const { runExplainDocument } = await import('./explain-law.js');
    return runExplainDocument(session, document);
  }
  const { runExplainField, runExplainKinds } = await import('./explain-kinds.js');
  if (subject === 'kinds') return runExplainKinds(session, kind);
  const explained = runExplainField(session, subject);
  if (explained !== undefined) return explained;
  const { runExplainSubject } = await import('./explain-subject.js');
  return runExplainSubject(session, subject, options);
}

async function explainLog(session: Session, log: string, options: ExplainOptions): Promise<ExitCode> {
  const { runExplainLog } = await import('./explain-log.js');
  return runExplainLog(session, log, options);
}

async function explainSettings(
  session: Session,
  { effective, impact = '' }: { readonly effective: string | undefined; readonly impact: string | undefined },
  options: ExplainOptions,
): Promise<ExitCode> {
  if (effective !== undefined) {
    const { runExplainEffective } = await import('./explain-effective.js');
    return runExplainEffective(session, effective, options);
  }
  const { runExplainImpact } = await import('./explain-impact.js');
  return runExplainImpact(session, impact, options);
}

function explainCode(session: Session, code: string): ExitCode {
  if (!codes.includes(code)) return reportUnknownSubject(session, code, suggest(code, codes));
  showPage(session, pageOfCode(session.host, code));
  return exitCodes.success;
}
