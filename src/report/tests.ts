import { rangeOf } from '../diagnostics/position.js';
import { groupBy } from '../util/order.js';
import type { Example, Status, TestOutcome } from '../verify/policy-tests/outcome.js';

type DisplayPath = (path: string) => string;

/** Outcomes for a person: a line a test below its document, and below a test that does not pass what decides it. */
export function testsToText(outcomes: readonly TestOutcome[], displayPath: DisplayPath): string {
  const documents = groupBy(outcomes, ({ kind, document }) => `${kind} ${document}`);
  const blocks = [...documents].map(([title, tests]) =>
    [title, ...tests.flatMap((test) => testLines(test, displayPath))].join('\n'),
  );
  return `${[...blocks, summaryOfTests(outcomes)].join('\n\n')}\n`;
}

const marks: Readonly<Record<Status, string>> = { passed: 'ok', failed: 'FAIL', undecided: 'OPEN', vacuous: 'VOID' };

function testLines(test: TestOutcome, displayPath: DisplayPath): readonly string[] {
  const line = `  ${marks[test.status].padEnd(4)}  ${labelOf(test)}`;
  return test.status === 'passed' ? [line, ...leftOutLines(test)] : [line, ...reasonLines(test, displayPath)];
}

/** A case is known by what it claims, a check by its name, which its claim holds. */
function labelOf({ kind, name, claim }: TestOutcome): string {
  return kind === 'AccessTest' ? `${name}  ${claim}` : claim;
}

function leftOutLines({ leavesOut }: TestOutcome): readonly string[] {
  return leavesOut === undefined ? [] : [`        not proved for ${leavesOut}`];
}

function reasonLines(test: TestOutcome, displayPath: DisplayPath): readonly string[] {
  const { span, because, example, fault, reason } = test;
  return [
    ...(example === undefined ? [because] : exampleLines(example, because)),
    ...(fault === undefined ? [] : [`under the fault ${fault}`]),
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
    `${displayPath(span.file.path)}:${rangeOf(span).start.line}`,
  ].map((line) => `        ${line}`);
}

function exampleLines({ request, verdict, hops }: Example, because: string): readonly string[] {
  const steps = hops.map((hop) => `  ${hop.point}: ${hop.outcome}: ${hop.because}`);
  return [`${request}: ${verdict}`, ...(steps.length > 0 ? steps : [`  ${because}`])];
}

const words: Readonly<Record<Status, string>> = {
  passed: 'passed',
  failed: 'failed',
  undecided: 'not decided',
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
export function testsToJson(outcomes: readonly TestOutcome[], displayPath: DisplayPath): string {
  const count = (status: Status) => outcomes.filter((outcome) => outcome.status === status).length;
  const report = {
    tests: outcomes.map(({ span, ...outcome }) => ({
      kind: outcome.kind,
      document: outcome.document,
      name: outcome.name,
      claim: outcome.claim,
      reason: outcome.reason ?? null,
      status: outcome.status,
      because: outcome.because,
      fault: outcome.fault ?? null,
      leavesOut: outcome.leavesOut ?? null,
      file: displayPath(span.file.path),
      line: rangeOf(span).start.line,
      example: outcome.example ?? null,
    })),
    passed: count('passed'),
    failed: count('failed'),
    undecided: count('undecided'),
    vacuous: count('vacuous'),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
