import { type Details, diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Note } from '../diagnostics/diagnostic.js';
import { rangeOf } from '../diagnostics/position.js';
import type { Responsible } from '../trace/responsible.js';
import { writtenSourceIntents } from '../trace/source-intents.js';
import { commandFor } from './command-for.js';
import type { Example, ExampleHop, TestOutcome, Told } from './outcome.js';

/** What a compilation says of a test: guardrails must hold and be proved, and every test must be able to fail. */
export function tell(outcome: TestOutcome, shown: Shown): readonly Diagnostic[] {
  return [...tellStatus(outcome, shown), ...tellLeftOut(outcome)];
}

/** What is told beside the outcome itself. */
interface Shown {
  /** Whether a path lies in the output directory, rather than among the sources. */
  readonly isEmitted: (path: string) => boolean;
  /** What a command is told to read the same; `undefined` where none can. */
  readonly inputs: readonly string[] | undefined;
}

function tellStatus(outcome: TestOutcome, shown: Shown): readonly Diagnostic[] {
  const { kind, status, span, because } = outcome;
  const test = `${outcome.document}/${outcome.name}`;
  if (status === 'vacuous') return [diagnostic('vacuous-test', { kind, test, because }, span)];
  if (kind === 'AccessTest') return [];
  if (status === 'failed') return [diagnostic('guardrail-broken', { test }, span, evidence(outcome, shown))];
  return status === 'undecided'
    ? [diagnostic('guardrail-not-proved', { test, because }, span, evidence(outcome, shown))]
    : [];
}

/** What a report says of a case of an AccessTest that does not pass; a compilation is not stopped by it, and says nothing. */
export function tellCase(outcome: TestOutcome, shown: Shown): readonly Diagnostic[] {
  const { kind, status, span, because, claim } = outcome;
  if (kind !== 'AccessTest') return [];
  const test = `${outcome.document}/${outcome.name}`;
  if (status === 'failed') return [diagnostic('access-test-failed', { test, claim }, span, evidence(outcome, shown))];
  return status === 'undecided'
    ? [diagnostic('access-test-undecided', { test, because }, span, evidence(outcome, shown))]
    : [];
}

function tellLeftOut({ leavesOut, document, name, span, status }: TestOutcome): readonly Diagnostic[] {
  if (leavesOut === undefined || status !== 'passed') return [];
  return [diagnostic('guardrail-leaves-out', { test: `${document}/${name}`, callers: leavesOut }, span)];
}

function evidence({ example, fault, reason, help }: TestOutcome, shown: Shown): Details {
  const notes: readonly Note[] = [
    ...(example === undefined ? [] : exampleNotes(example, shown)),
    ...(fault === undefined ? [] : [{ message: `under the fault \`${fault}\`` }]),
    ...(reason === undefined ? [] : [{ message: `reason: ${reason}` }]),
  ];
  const details: Details = { notes, ...(help !== undefined && { help }) };
  return example === undefined ? details : { ...details, witness: `${example.request}: ${example.verdict}` };
}

/** What is not as the guardrail claims; where who passes decides, what each enforcement point did. */
function exampleNotes(example: Example, shown: Shown): readonly Note[] {
  const { hops, because, unexpected, routedBy } = example;
  const command = commandFor(example, shown.inputs);
  if (unexpected.length > 0) return unexpected.map((each) => toldNote(each, shown));
  if (hops.length === 0) return [{ message: `no enforcement point: ${because}` }];
  return [
    ...hops.flatMap((hop) => hopNotes(hop, shown)),
    ...routedBy.map((each) => toldNote(each, shown)),
    ...(command === undefined ? [] : [{ message: `to follow it: ${command}` }]),
  ];
}

function toldNote({ what, span }: Told, shown: Shown): Note {
  if (span === undefined) return { message: what, isStep: true };
  if (!shown.isEmitted(span.file.path)) return { message: what, span, isStep: true };
  return { message: `${what} (${span.file.path}:${rangeOf(span).start.line})`, isStep: true };
}

/** What an enforcement point did, and the lines that made it do so. */
function hopNotes({ point, outcome, because, decidedBy }: ExampleHop, shown: Shown): readonly Note[] {
  return [
    { message: `${point}: ${outcome}: ${because}`, isStep: true },
    ...decidedBy.map((responsible): Note => {
      const { kind, namespace, name, span } = responsible;
      const policy = `${kind} ${namespace}/${name}`;
      if (!shown.isEmitted(span.file.path)) return { message: policy, span, isStep: true };
      const line = `${span.file.path}:${rangeOf(span).start.line}`;
      return { message: `${policy} (${line})${intentsBehind(responsible)}`, isStep: true };
    }),
  ];
}

const shownSourceIntents = 3;

function intentsBehind(responsible: Responsible): string {
  const sourceIntents = writtenSourceIntents(responsible).map(({ id, place }) =>
    place === undefined ? `\`${id}\`` : `\`${id}\` (${place.file}:${place.line})`,
  );
  const shown = [
    ...sourceIntents.slice(0, shownSourceIntents),
    ...(sourceIntents.length > shownSourceIntents ? ['others'] : []),
  ];
  return shown.length === 0 ? '' : `, from intent ${shown.join(', ')}`;
}
