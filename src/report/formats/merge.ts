import type { Accepted } from '../../acceptances/settle.js';
import type { Diagnostic, SourceFile, Span } from '../../diagnostics/diagnostic.js';
import { assert } from '../../util/assert.js';
import type { Findings } from './findings.js';

/** What was found in several parts of a run, as one: each part has places of its own, which are shown as they are there. */
export function mergeFindings(parts: readonly Findings[]): Findings {
  const last = parts.at(-1);
  assert(last !== undefined, 'a report is written of something');
  const shown = parts.map(withShownPaths);
  const proved = shown.findLast((part) => part.proved !== undefined)?.proved;
  return {
    ...last,
    diagnostics: shown.flatMap(({ diagnostics }) => diagnostics),
    accepted: shown.flatMap(({ accepted }) => accepted),
    ...(proved && { proved }),
    displayPath: (path) => path,
  };
}

function withShownPaths({ displayPath, ...part }: Findings): Findings {
  const files = new Map<SourceFile, SourceFile>();
  const fileOf = (file: SourceFile): SourceFile => {
    const known = files.get(file) ?? { path: displayPath(file.path), text: file.text };
    files.set(file, known);
    return known;
  };
  const spanOf = (span: Span): Span => ({ ...span, file: fileOf(span.file) });
  const diagnosticOf = (item: Diagnostic): Diagnostic => ({
    ...item,
    span: item.span && spanOf(item.span),
    notes: item.notes.map((note) => (note.span === undefined ? note : { ...note, span: spanOf(note.span) })),
    ...(item.fix && { fix: { ...item.fix, span: spanOf(item.fix.span) } }),
  });
  const acceptedOf = ({ diagnostic, acceptance }: Accepted): Accepted => ({
    diagnostic: diagnosticOf(diagnostic),
    acceptance: { ...acceptance, span: spanOf(acceptance.span) },
  });
  return {
    ...part,
    diagnostics: part.diagnostics.map(diagnosticOf),
    accepted: part.accepted.map(acceptedOf),
    displayPath,
  };
}
