import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { inReportOrder } from '../../diagnostics/order.js';
import { rangeOf } from '../../diagnostics/position.js';
import { groupBy } from '../../util/order.js';
import { attributes, escapeXml } from '../xml.js';
import { detailLines, type Findings } from './findings.js';

/**
 * Findings as JUnit XML: a suite a file, a case a finding. Errors fail; warnings and remarks are cases that pass and say
 * so in their output. A run that found nothing is one case that passes, since some servers take no empty report.
 */
export function findingsToJunit({ diagnostics, displayPath }: Findings): string {
  const files = groupBy(inReportOrder(diagnostics), ({ span }) =>
    span === null ? 'ambit' : displayPath(span.file.path),
  );
  const suites = files.size === 0 ? nothingFound : [...files].flatMap(([name, items]) => suite(name, items));
  const root = attributes({ name: 'ambit', ...countsOf(diagnostics) });
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${root}>`, ...suites, '</testsuites>', ''].join('\n');
}

const nothingFound = [
  `  <testsuite ${attributes({ name: 'ambit', tests: 1, failures: 0, errors: 0 })}>`,
  `    <testcase ${attributes({ classname: 'ambit', name: 'nothing found' })}/>`,
  '  </testsuite>',
];

function countsOf(items: readonly Diagnostic[]): Readonly<Record<'tests' | 'failures' | 'errors', number>> {
  const failures = items.filter(({ severity }) => severity === 'error').length;
  return { tests: Math.max(1, items.length), failures, errors: 0 };
}

function suite(name: string, items: readonly Diagnostic[]): readonly string[] {
  return [
    `  <testsuite ${attributes({ name, ...countsOf(items) })}>`,
    ...items.flatMap((item) => testcase(name, item)),
    '  </testsuite>',
  ];
}

function testcase(classname: string, item: Diagnostic): readonly string[] {
  const { code, message, severity, span } = item;
  const place = span === null ? {} : { file: classname, line: rangeOf(span).start.line };
  const opening = `    <testcase ${attributes({ classname, name: `${code}: ${message}`, ...place })}>`;
  const text = escapeXml(detailLines(item).join('\n'));
  const body =
    severity === 'error'
      ? `<failure ${attributes({ type: code, message })}>${text}</failure>`
      : `<system-out>${escapeXml(`${severity}: ${message}`)}\n${text}</system-out>`;
  return [opening, `      ${body}`, '    </testcase>'];
}
