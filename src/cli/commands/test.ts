import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { type CompileResult, compile } from '../../pipeline.js';
import type { TestOutcome } from '../../policy-tests/outcome.js';
import { tellCase } from '../../policy-tests/tell.js';
import { testsToJunit } from '../../report/junit.js';
import { type Places, summaryOfTests, testsToJson, testsToText } from '../../report/tests.js';
import { sourceIntentsOf } from '../../report/trace.js';
import { writtenSourceIntents } from '../../trace/source-intents.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { shownPath } from '../files/shown-path.js';
import { type InputOptions, type Loaded, load } from '../project/load.js';
import { outputOfProject } from '../project/written-output.js';
import { today } from '../today.js';
import { report, type Session, tell } from './session.js';

type TestFormat = 'human' | 'json' | 'junit';

interface TestCommandOptions extends InputOptions {
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
  const { provenance = 'full', syncWaves = false } = loaded.project ?? {};
  // What is judged is what would be written, line by line.
  const written = { provenance, syncWaves, accessTests: true, verify: false };
  const result = compile(loaded.sources, { today: today(host), said: loading, inputs: loaded.inputs, ...written });
  const found = result.diagnostics.filter(({ name }) => !reported.has(name));
  const nothing = result.tests.length === 0 && !hasErrors(found) ? [diagnostic('no-tests', {}, null)] : [];
  const diagnostics = [...found, ...nothing];
  if (hasErrors(diagnostics)) return stop(session, loaded, diagnostics);
  const answered = answeredBy(result, loaded);
  report(session, diagnostics, loaded.directory, {
    accepted: result.accepted,
    below: [],
    answered,
    inputs: loaded.inputs,
  });
  host.output.write(print(session, result.tests, options.output, placesOf(session, loaded, result)));
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

/** The same outcomes as findings, for the reports that are written to files. */
function answeredBy({ tests, diagnostics }: CompileResult, { sources, inputs }: Loaded): readonly Diagnostic[] {
  const read = new Set(sources.map(({ path }) => path));
  const shown = { isEmitted: (path: string) => !read.has(path), inputs };
  return [
    ...diagnostics.filter(({ name }) => reported.has(name)),
    ...tests.flatMap((outcome) => tellCase(outcome, shown)),
  ];
}

function stop(session: Session, { directory }: Loaded, diagnostics: readonly Diagnostic[]): ExitCode {
  report(session, diagnostics, directory);
  return exitCodeOf(diagnostics);
}

function print(session: Session, outcomes: readonly TestOutcome[], format: TestFormat, places: Places): string {
  if (format === 'human') return testsToText(outcomes, places, pageOf(session));
  return format === 'json' ? testsToJson(outcomes, places) : testsToJunit(outcomes, places);
}

/** Emitted files are shown where the project puts them. */
function placesOf({ host }: Session, loaded: Loaded, { placed, accepted }: CompileResult): Places {
  const read = new Set(loaded.sources.map(({ path }) => path));
  const output = outputOfProject(loaded) ?? loaded.directory;
  return {
    displayPath: (path) => shownPath(host, resolve(read.has(path) ? loaded.directory : output, path)),
    sourceIntentsOf: placed === undefined ? writtenSourceIntents : sourceIntentsOf(placed),
    acceptanceAt: ({ file, start }) =>
      accepted.find(({ diagnostic: { name, span } }) => {
        return name === 'guardrail-leaves-out' && span?.file.path === file.path && span.start === start;
      })?.acceptance,
    inputs: loaded.inputs,
  };
}

/** A test that can never fail is a mistake of its author; a failure weighs more than a doubt. */
function answerOf(outcomes: readonly TestOutcome[]): ExitCode {
  const some = (wanted: TestOutcome['status']) => outcomes.some(({ status }) => status === wanted);
  if (some('vacuous')) return exitCodes.invalid;
  if (some('failed')) return exitCodes.no;
  return some('undecided') ? exitCodes.refused : exitCodes.success;
}
