import { DiagnosticSeverity, type Diagnostic as Shown } from 'vscode-languageserver';
import type { Diagnostic, Note } from '../diagnostics/diagnostic.js';
import type { Severity } from '../diagnostics/entry.js';
import { inTextOrder } from '../diagnostics/order.js';
import { detailLines } from '../report/formats/findings.js';
import { groupBy } from '../util/order.js';
import { lineRange, shownRange } from './ranges.js';

/** How places of a project are named to an editor. */
export interface Names {
  /** The path of what has no place in any text: the project file. */
  readonly home: string;
  uriOf(path: string): string;
  /** The page of a code. */
  pageOf(code: string): string;
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** What was found, as an editor shows it, by the path of the file where it is shown. */
export function shownByPath(found: readonly Diagnostic[], names: Names): ReadonlyMap<string, readonly Shown[]> {
  const byPath = groupBy(inTextOrder(found), ({ span }) => span?.file.path ?? names.home);
  return new Map([...byPath].map(([path, items]) => [path, items.map((item) => shown(item, names))]));
}

export function shown(item: Diagnostic, names: Names): Shown {
  const { span, severity, code, message, label } = item;
  const related = item.notes.flatMap((note) => relatedTo(note, names));
  return {
    range: span === null ? lineRange(0) : shownRange(span),
    severity: severities[severity],
    source: 'ambit',
    code,
    codeDescription: { href: names.pageOf(code) },
    message: [message, ...(label === undefined ? [] : [label]), ...detailLines(item)].join('\n'),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

function relatedTo({ message, span }: Note, { uriOf }: Names) {
  return span === undefined ? [] : [{ message, location: { uri: uriOf(span.file.path), range: shownRange(span) } }];
}
