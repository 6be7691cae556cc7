import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Severity } from '../../diagnostics/entry.js';
import { inReportOrder } from '../../diagnostics/order.js';
import { rangeOf } from '../../diagnostics/position.js';
import { detailLines, type Findings } from './findings.js';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request. */
export function findingsToGitHub({ diagnostics, displayPath }: Findings): string {
  return inReportOrder(diagnostics)
    .map((item) => `${command(item, displayPath)}\n`)
    .join('');
}

function command(item: Diagnostic, displayPath: Findings['displayPath']): string {
  const properties = { ...placeOf(item, displayPath), title: `${item.code} ${item.name}` };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const text = [item.message, ...detailLines(item)].join('\n');
  return `::${commands[item.severity]} ${written.join(',')}::${escapeMessage(text)}`;
}

/** GitHub takes columns only where the first and the last line are the same. */
function placeOf(
  { span }: Diagnostic,
  displayPath: Findings['displayPath'],
): Readonly<Record<string, string | number>> {
  if (span === null) return {};
  const { start, end } = rangeOf(span);
  const lines = { file: displayPath(span.file.path), line: start.line, endLine: end.line };
  return start.line === end.line ? { ...lines, col: start.column, endColumn: end.column } : lines;
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
