import type { Span } from '../diagnostics/diagnostic.js';
import { type Acceptance, termOf } from '../parse/acceptance.js';
import type { JsonObject } from '../parse/document.js';
import { commandFor } from '../policy-tests/command-for.js';
import type { Example, ExampleHop, Status, TestOutcome, Told } from '../policy-tests/outcome.js';
import type { Responsible } from '../trace/responsible.js';
import { groupBy } from '../util/order.js';
import { printable } from './display-width.js';
import { hanging, type Page, pad } from './layout.js';
import { sourceIntentToJson } from './trace/json.js';
import { lineOf } from './trace/line-of.js';
import type { SourceIntentsOf } from './trace/origins.js';
import { placeOf } from './trace/trace-report.js';

/** Where the lines are that a report names, for its reader. */
export interface Places {
  readonly displayPath: (path: string) => string;
  readonly sourceIntentsOf: SourceIntentsOf;
  /** Who accepts that a test at this place is not proved for everybody. */
  readonly acceptanceAt: (span: Span) => Acceptance | undefined;
  /** What a command is told to read the same; `undefined` where none can. */
  readonly inputs: readonly string[] | undefined;
}

/** Outcomes for a person: a line a test below its document, and below a test that does not pass what decides it. */
export function testsToText(outcomes: readonly TestOutcome[], places: Places, page: Page): string {
  const documents = groupBy(outcomes, ({ kind, document }) => `${kind} ${document}`);
  const layout: Layout = { ...page, mark: Math.max(...outcomes.map(({ status }) => marks[status].length), leastMark) };
  const blocks = [...documents].map(([title, tests]) =>
    [page.pen.bold(printable(title)), ...tests.flatMap((test) => testLines(test, places, layout))].join('\n'),
  );
  return `${[...blocks, summaryOfTests(outcomes)].join('\n\n')}\n`;
}

const marks: Readonly<Record<Status, string>> = {
  passed: 'ok',
  failed: 'FAIL',
  undecided: 'UNDECIDED',
  vacuous: 'VOID',
};
const leastMark = 4;

interface Layout extends Page {
  /** How wide the column of marks is. */
  readonly mark: number;
}

function testLines(test: TestOutcome, places: Places, layout: Layout): readonly string[] {
  const { pen, columns, mark } = layout;
  const { status } = test;
  const paint = { passed: pen.green, failed: pen.red, undecided: pen.yellow, vacuous: pen.yellow }[status];
  const [first = '', ...more] = hanging(' '.repeat(mark + 4), printable(labelOf(test)), columns);
  const title = [`  ${paint(pad(marks[status], mark))}${first.slice(mark + 2)}`, ...more];
  const below = status === 'passed' ? leftOutLines(test, places) : reasonLines(test, places);
  return [...title, ...below.flatMap((line) => hanging(indentOf(line, mark), printable(line.trimStart()), columns))];
}

/** Where a line below a test begins, whose own indentation says what it belongs to. */
function indentOf(line: string, mark: number): string {
  return ' '.repeat(mark + 4 + line.length - line.trimStart().length);
}

/** A case is known by what it claims, a check by its name, which its claim holds. */
function labelOf({ kind, name, claim }: TestOutcome): string {
  return kind === 'AccessTest' ? `${name}  ${claim}` : claim;
}

/** For whom a test that passes is not proved, and who accepts that. */
export function leftOutLines({ leavesOut, span }: TestOutcome, { acceptanceAt }: Places): readonly string[] {
  if (leavesOut === undefined) return [];
  const acceptance = acceptanceAt(span);
  const accepted = acceptance === undefined ? '' : `: accepted ${termOf(acceptance)}, ${acceptance.reason}`;
  return [`not proved for ${leavesOut}${accepted}`];
}

/** What decides a test that does not pass, and where it is written. */
function reasonLines(test: TestOutcome, places: Places): readonly string[] {
  return [...decidingLines(test, places), placeOf(test.span, places.displayPath)];
}

/** What decides a test that does not pass. */
export function decidingLines(test: TestOutcome, places: Places): readonly string[] {
  const { because, example, fault, reason, help } = test;
  return [
    ...(example === undefined ? [because] : exampleLines(example, because, places)),
    ...(fault === undefined ? [] : [`under the fault ${fault}`]),
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ];
}

function exampleLines(example: Example, because: string, places: Places): readonly string[] {
  return [
    `${example.request}: ${example.verdict}`,
    ...evidenceLines(example, because, places).map((line) => `  ${line}`),
  ];
}

/** What is not as it is expected, else what each enforcement point did; where there is none, why. */
export function evidenceLines(example: Example, because: string, places: Places): readonly string[] {
  const { hops, unexpected, routedBy } = example;
  const command = commandFor(example, places.inputs);
  if (unexpected.length > 0) return unexpected.flatMap((each) => toldLines(each, places));
  const lines = [
    ...hops.flatMap((hop) => stepLines(hop, places)),
    ...routedBy.flatMap((each) => toldLines(each, places)),
    ...(command === undefined ? [] : [`to follow it: ${command}`]),
  ];
  return lines.length > 0 ? lines : [because];
}

function toldLines({ what, span }: Told, { displayPath }: Places): readonly string[] {
  return span === undefined ? [what] : [what, `  ${placeOf(span, displayPath)}`];
}

/** What an enforcement point did, and the lines that made it do so. */
function stepLines({ point, outcome, because, decidedBy }: ExampleHop, places: Places): readonly string[] {
  return [
    `${point}: ${outcome}: ${because}`,
    ...decidedBy.flatMap((responsible) => responsibleLines(responsible, places)),
  ];
}

/** The line of the policy, and below it those of the intents that asked for it. */
function responsibleLines(responsible: Responsible, { displayPath, sourceIntentsOf }: Places): readonly string[] {
  const sourceIntents = sourceIntentsOf(responsible).map(({ id, place }) =>
    place === undefined ? id : `${id}  ${displayPath(place.file)}:${place.line}`,
  );
  return [
    `  ${placeOf(responsible.span, displayPath)}`,
    ...sourceIntents.slice(0, shownSourceIntents).map((intent) => `    intent ${intent}`),
    ...(sourceIntents.length > shownSourceIntents ? [`    and ${sourceIntents.length - shownSourceIntents} more`] : []),
  ];
}

const shownSourceIntents = 4;

const words: Readonly<Record<Status, string>> = {
  passed: 'passed',
  failed: 'failed',
  undecided: 'undecided',
  vacuous: 'can never fail',
};

/** `5 passed, 1 failed`; what there is none of is left out. */
export function summaryOfTests(outcomes: readonly TestOutcome[]): string {
  const statuses: readonly Status[] = ['passed', 'failed', 'undecided', 'vacuous'];
  return statuses
    .map((status) => ({ status, count: outcomes.filter((outcome) => outcome.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${words[status]}`)
    .join(', ');
}

/** Outcomes for a program. Fields are only ever added. */
export function testsToJson(outcomes: readonly TestOutcome[], places: Places): string {
  const count = (status: Status) => outcomes.filter((outcome) => outcome.status === status).length;
  const report = {
    tests: outcomes.map((outcome) => outcomeToJson(outcome, places)),
    passed: count('passed'),
    failed: count('failed'),
    undecided: count('undecided'),
    vacuous: count('vacuous'),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** One outcome for a program. */
export function outcomeToJson({ span, ...outcome }: TestOutcome, places: Places): JsonObject {
  return {
    kind: outcome.kind,
    document: outcome.document,
    name: outcome.name,
    claim: outcome.claim,
    reason: outcome.reason ?? null,
    status: outcome.status,
    because: outcome.because,
    help: outcome.help ?? null,
    fault: outcome.fault ?? null,
    leavesOut: outcome.leavesOut ?? null,
    accepted: acceptanceForPrograms(places.acceptanceAt(span)),
    ...jsonPlace(span, places),
    example: outcome.example === undefined ? null : exampleToJson(outcome.example, places),
  };
}

function acceptanceForPrograms(acceptance: Acceptance | undefined): JsonObject | null {
  if (acceptance === undefined) return null;
  const { until, reason, owner = null } = acceptance;
  return { until: until?.value ?? null, reason, owner };
}

function exampleToJson(example: Example, places: Places): JsonObject {
  const { hops, unexpected, routedBy, traced: _, ...rest } = example;
  const command = commandFor(example, places.inputs);
  const told = (all: readonly Told[]) => all.map(({ what, span }) => ({ what, ...(span && jsonPlace(span, places)) }));
  return {
    ...rest,
    ...(command !== undefined && { command }),
    ...(unexpected.length > 0 && { unexpected: told(unexpected) }),
    ...(routedBy.length > 0 && { routedBy: told(routedBy) }),
    hops: hops.map(({ decidedBy, ...hop }) => ({
      ...hop,
      decidedBy: decidedBy.map((responsible) => ({
        kind: responsible.kind,
        namespace: responsible.namespace,
        name: responsible.name,
        ...jsonPlace(responsible.span, places),
        intents: places.sourceIntentsOf(responsible).map((intent) => sourceIntentToJson(intent, places.displayPath)),
      })),
    })),
  };
}

function jsonPlace(span: Span, { displayPath }: Places): JsonObject {
  return { file: displayPath(span.file.path), line: lineOf(span) };
}
