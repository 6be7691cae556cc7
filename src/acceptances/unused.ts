import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Fix, Span } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
import { endOfLine, startOfLine, trimEnd } from '../parse/blank.js';
import { groupBy } from '../util/order.js';

/** What is accepted and does not occur would cover, unseen, the first that does. A baseline is told as a whole. */
export function unusedDiagnostics(unused: readonly Acceptance[], found: readonly Diagnostic[]): readonly Diagnostic[] {
  const listed = unused.filter(({ writtenIn }) => writtenIn === 'baseline');
  const others = unused.filter(({ writtenIn }) => writtenIn !== 'baseline');
  return [
    ...others.map((acceptance) => unusedDiagnostic(acceptance, found)),
    ...[...groupBy(listed, ({ span }) => span.file.path).values()].map(outdatedDiagnostic),
  ];
}

/** Shows where the same code is found, in the same file if it is there: that one was perhaps meant. */
function unusedDiagnostic({ what, span, writtenIn }: Acceptance, found: readonly Diagnostic[]): Diagnostic {
  const elsewhere = found.filter((each) => each.code === what).flatMap((each) => each.span ?? []);
  const near = elsewhere.find(({ file }) => file.path === span.file.path) ?? elsewhere[0];
  const notes = near === undefined ? [] : [{ message: 'it occurs here', span: near }];
  const fix = writtenIn === 'comment' ? withoutComment(span) : undefined;
  return diagnostic('acceptance-unused', { what }, span, { notes, ...(fix && { fix }) });
}

/** Takes out a comment that accepts this alone, with its line where it has one to itself. */
function withoutComment({ file, start }: Span): Fix | undefined {
  const { text } = file;
  const first = startOfLine(text, start);
  const mark = text.lastIndexOf('#', start);
  const last = endOfLine(text, start);
  const codes = text.slice(mark, last).match(/\bAMB\d+/gi) ?? [];
  if (mark < first || codes.length !== 1) return undefined;
  const before = text.slice(first, mark);
  if (before.trim() !== '') {
    const span = { file, start: first + before.trimEnd().length, end: trimEnd(text, mark, last) };
    return { span, replacement: '', isSafe: true };
  }
  return { span: { file, start: first, end: Math.min(last + 1, text.length) }, replacement: '', isSafe: true };
}

function outdatedDiagnostic(entries: readonly Acceptance[]): Diagnostic {
  const count = entries.length === 1 ? 'one finding' : `${entries.length} findings`;
  return diagnostic('baseline-outdated', { count }, entries[0]?.span ?? null);
}
