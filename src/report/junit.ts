import { rangeOf } from '../diagnostics/position.js';
import type { TestOutcome } from '../policy-tests/outcome.js';
import { groupBy } from '../util/order.js';
import { evidenceLines, leftOutLines, type Places } from './tests.js';
import { attributes, escapeXml } from './xml.js';

/**
 * Outcomes as JUnit XML, for CI: a suite a document, a case a test. What fails is a `failure`; what cannot be decided,
 * or can never fail, is an `error`, since it says nothing about the policy. Times are left out: they would differ in
 * every run.
 */
export function testsToJunit(outcomes: readonly TestOutcome[], places: Places): string {
  const documents = groupBy(outcomes, ({ kind, document }) => `${kind}/${document}`);
  const suites = [...documents].flatMap(([name, tests]) => [
    `  <testsuite ${attributes({ name, ...countsOf(tests) })}>`,
    ...tests.flatMap((test) => testcase(name, test, places)),
    '  </testsuite>',
  ]);
  const root = attributes({ name: 'ambit test', ...countsOf(outcomes) });
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${root}>`, ...suites, '</testsuites>', ''].join('\n');
}

function countsOf(outcomes: readonly TestOutcome[]): Readonly<Record<'tests' | 'failures' | 'errors', number>> {
  return {
    tests: outcomes.length,
    failures: outcomes.filter(({ status }) => status === 'failed').length,
    errors: outcomes.filter(isError).length,
  };
}

function isError({ status }: TestOutcome): boolean {
  return status === 'undecided' || status === 'vacuous';
}

function testcase(classname: string, test: TestOutcome, places: Places): readonly string[] {
  const { name, claim, span, status } = test;
  const file = places.displayPath(span.file.path);
  const line = rangeOf(span).start.line;
  const label = test.kind === 'AccessTest' ? `${name}: ${claim}` : claim;
  const opening = `    <testcase ${attributes({ classname, name: label, file, line })}`;
  if (status === 'passed') return passed(opening, leftOutLines(test, places));
  const element = isError(test) ? 'error' : 'failure';
  const body = `<${element} ${attributes({ type: status, message: messageOf(test) })}>${escapeXml(detailsOf(test, places))}</${element}>`;
  return [`${opening}>`, `      ${body}`, '    </testcase>'];
}

/** What a test that passes leaves out is no failure, and is not lost. */
function passed(opening: string, leftOut: readonly string[]): readonly string[] {
  if (leftOut.length === 0) return [`${opening}/>`];
  return [`${opening}>`, `      <system-out>${escapeXml(leftOut.join('\n'))}</system-out>`, '    </testcase>'];
}

function messageOf({ example, because }: TestOutcome): string {
  return example === undefined ? because : `${example.request}: ${example.verdict}`;
}

function detailsOf({ example, because, fault }: TestOutcome, places: Places): string {
  const evidence = example === undefined ? [because] : evidenceLines(example, because, places);
  const lines = [...evidence, ...(fault === undefined ? [] : [`under the fault ${fault}`])];
  return lines.join('\n');
}
