import type { Accepted } from '../acceptances/settle.js';
import type { Diagnostic, Fix, Span } from '../diagnostics/diagnostic.js';
import type { Severity } from '../diagnostics/entry.js';
import { inReportOrder } from '../diagnostics/order.js';
import { exactRangeOf, type Range, rangeOf } from '../diagnostics/position.js';
import type { Acceptance } from '../parse/acceptance.js';
import { type Aside, nothingAside } from './aside.js';
import type { LookedAt } from './looked-at.js';
import { countOf } from './order.js';
import type { Proved } from './proved.js';

/** A diagnostic as machines read it. Fields are only ever added. */
interface JsonDiagnostic extends JsonPlace {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly label: string | null;
  readonly notes: readonly JsonNote[];
  readonly witness: string | null;
  readonly help: string | null;
  /** The text that would stand at a place instead; `safe` where `ambit fix` writes it by itself. */
  readonly fix: ({ readonly replacement: string; readonly safe: boolean } & JsonPlace) | null;
}

/** Lines and columns count from 1, columns in UTF-16 units; the end is just after the last character. */
interface JsonPlace {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

interface JsonNote extends JsonPlace {
  readonly message: string;
}

interface JsonReport {
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly errors: number;
  readonly warnings: number;
  readonly accepted: readonly JsonAccepted[];
  /** How many are less severe than was asked for. */
  readonly below: number;
  /** How many are about something else than what was asked for. */
  readonly elsewhere: number;
  /** What was read and examined, where that was the question. */
  readonly lookedAt?: LookedAt;
  /** What was proved and what was not, where something was compared with intents. */
  readonly counts?: Proved;
}

/** A finding that does not count, and who says so. */
interface JsonAccepted extends JsonDiagnostic {
  readonly acceptance: {
    readonly what: string;
    readonly until: string | null;
    readonly reason: string;
    readonly owner: string | null;
    readonly writtenIn: Acceptance['writtenIn'];
  } & JsonPlace;
}

/** Diagnostics for a program: one JSON document, in the same order as the text for people. */
export function diagnosticsToJson(
  diagnostics: readonly Diagnostic[],
  displayPath: (path: string) => string,
  { accepted, below, elsewhere = [] }: Aside = nothingAside,
  seen?: LookedAt,
  proved?: Proved,
): string {
  const report: JsonReport = {
    diagnostics: inReportOrder(diagnostics).map((item) => toJson(item, displayPath)),
    errors: countOf(diagnostics, 'error'),
    warnings: countOf(diagnostics, 'warning'),
    accepted: acceptedToJson(accepted, displayPath),
    below: below.length,
    elsewhere: elsewhere.length,
    ...(seen && { lookedAt: seen }),
    ...(proved && { counts: proved }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** What is accepted, each finding with its acceptance. */
export function acceptedToJson(
  accepted: readonly Accepted[],
  displayPath: (path: string) => string,
): readonly JsonAccepted[] {
  return accepted.map(({ diagnostic, acceptance: { what, until, reason, owner = null, writtenIn, span } }) => ({
    ...toJson(diagnostic, displayPath),
    acceptance: { what, until: until?.value ?? null, reason, owner, writtenIn, ...place(span, displayPath) },
  }));
}

function toJson(item: Diagnostic, displayPath: (path: string) => string): JsonDiagnostic {
  const { code, name, severity, message } = item;
  return {
    code,
    name,
    severity,
    message,
    ...place(item.span, displayPath),
    label: item.label ?? null,
    notes: item.notes.map((note) => ({ message: note.message, ...place(note.span ?? null, displayPath) })),
    witness: item.witness ?? null,
    help: item.help ?? null,
    fix: item.fix === undefined ? null : fixToJson(item.fix, displayPath),
  };
}

function fixToJson({ span, replacement, isSafe }: Fix, displayPath: (path: string) => string): JsonDiagnostic['fix'] {
  return { ...toPlace(span, exactRangeOf(span), displayPath), replacement, safe: isSafe };
}

function place(span: Span | null, displayPath: (path: string) => string): JsonPlace {
  if (span === null) return { file: null, line: null, column: null, endLine: null, endColumn: null };
  return toPlace(span, rangeOf(span), displayPath);
}

function toPlace({ file }: Span, { start, end }: Range, displayPath: (path: string) => string): JsonPlace {
  return {
    file: displayPath(file.path),
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
