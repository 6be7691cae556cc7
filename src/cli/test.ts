import { relative, resolve } from 'node:path';
import { diagnostic } from '../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.js';
import { compile } from '../pipeline.js';
import { testsToJunit } from '../report/junit.js';
import { summaryOfTests, testsToJson, testsToText } from '../report/tests.js';
import type { TestOutcome } from '../verify/policy-tests/outcome.js';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.js';
import { type InputOptions, type Loaded, load } from './load.js';
import { report, type Session, tell } from './session.js';
import { today } from './today.js';

export type TestFormat = 'human' | 'json' | 'junit';

export interface TestCommandOptions extends InputOptions {
  readonly output: TestFormat;
}

/**
 * Runs AccessTests and Guardrails: on a project as it will be after its output is applied, and on manifests without
 * settings as they stand. What the report says of a test is not said again as a diagnostic.
 */
export async function runTest(session: Session, options: TestCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics: loading } = await load(host, options);
  if (hasErrors(loading)) return stop(session, loaded, loading);
  const result = compile(loaded.sources, { today: today(host), provenance: 'none', accessTests: true, verify: false });
  const found = [...loading, ...result.diagnostics.filter(({ name }) => !reported.has(name))];
  const nothing = result.tests.length === 0 && !hasErrors(found) ? [diagnostic('no-tests', {}, null)] : [];
  const diagnostics = [...found, ...nothing];
  if (hasErrors(diagnostics)) return stop(session, loaded, diagnostics);
  report(session, diagnostics, loaded.directory);
  host.output.write(print(session, loaded, result.tests, options.output));
  if (options.output !== 'human') tell(session, summaryOfTests(result.tests));
  return answerOf(result.tests);
}

/** What outcomes say themselves. */
const reported: ReadonlySet<Diagnostic['name']> = new Set<Diagnostic['name']>([
  'guardrail-broken',
  'guardrail-not-proved',
  'guardrail-leaves-out',
  'vacuous-test',
]);

function stop(session: Session, { directory }: Loaded, diagnostics: readonly Diagnostic[]): ExitCode {
  report(session, diagnostics, directory);
  return exitCodeOf(diagnostics);
}

function print({ host }: Session, { directory }: Loaded, outcomes: readonly TestOutcome[], format: TestFormat): string {
  const displayPath = (path: string) => relative(host.workingDirectory, resolve(directory, path));
  const printers = { human: testsToText, json: testsToJson, junit: testsToJunit };
  return printers[format](outcomes, displayPath);
}

/** A test that can never fail is a mistake of its author; a failure weighs more than a doubt. */
function answerOf(outcomes: readonly TestOutcome[]): ExitCode {
  const some = (wanted: TestOutcome['status']) => outcomes.some(({ status }) => status === wanted);
  if (some('vacuous')) return exitCodes.invalid;
  if (some('failed')) return exitCodes.no;
  return some('undecided') ? exitCodes.refused : exitCodes.success;
}
