import type { Side } from '../../changes/change.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import type { DiffReport, ToldChange } from './diff-report.js';
import { sideOf } from './diff-report.js';

/** Changes as findings, for reports in files: each place has the path that its side is shown by. */
export function changesAsFindings(
  sides: Pick<DiffReport, Side>,
  told: readonly Pick<ToldChange, 'diagnostic' | 'causes'>[],
): readonly Diagnostic[] {
  return told.map(({ diagnostic, causes }) => ({
    ...diagnostic,
    span: diagnostic.span && shown(sides, diagnostic.span, causes[0]?.side),
    notes: diagnostic.notes.map((note, index) =>
      note.span === undefined ? note : { ...note, span: shown(sides, note.span, causes[index]?.side) },
    ),
  }));
}

function shown(sides: Pick<DiffReport, Side>, span: Span, side: Side = 'after'): Span {
  const { path, text } = span.file;
  return { ...span, file: { path: sideOf(sides, side).displayPath(path), text } };
}
