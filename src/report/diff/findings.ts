import type { Side, Undecided } from '../../changes/change.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import type { DiffReport, ToldChange } from './diff-report.js';
import { sideOf } from './diff-report.js';
import { whereOf } from './tell.js';

/** Changes as findings, for reports in files: each place has the path that its side is shown by. */
export function changesAsFindings(
  sides: Pick<DiffReport, Side>,
  told: readonly Pick<ToldChange, 'diagnostic' | 'causes'>[],
): readonly Diagnostic[] {
  return told.map(({ diagnostic: item, causes }) => ({
    ...item,
    span: item.span && shown(sides, item.span, causes[0]?.side),
    notes: item.notes.map((note, index) =>
      note.span === undefined ? note : { ...note, span: shown(sides, note.span, causes[index]?.side) },
    ),
  }));
}

/** What is not compared, and counts, as findings: they stand in no file. */
export function undecidedAsFindings(undecided: readonly Undecided[]): readonly Diagnostic[] {
  return undecided
    .filter(({ isCrossing }) => !isCrossing)
    .map(({ fact, places }) => diagnostic('not-compared', { fact, where: whereOf(places) }, null));
}

function shown(sides: Pick<DiffReport, Side>, span: Span, side: Side = 'after'): Span {
  const { path, text } = span.file;
  return { ...span, file: { path: sideOf(sides, side).displayPath(path), text } };
}
