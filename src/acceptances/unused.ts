import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
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
function unusedDiagnostic({ what, span }: Acceptance, found: readonly Diagnostic[]): Diagnostic {
  const elsewhere = found.filter((each) => each.code === what).flatMap((each) => each.span ?? []);
  const near = elsewhere.find(({ file }) => file.path === span.file.path) ?? elsewhere[0];
  const notes = near === undefined ? [] : [{ message: 'it occurs here', span: near }];
  return diagnostic('acceptance-unused', { what }, span, { notes });
}

function outdatedDiagnostic(entries: readonly Acceptance[]): Diagnostic {
  const count = entries.length === 1 ? 'one finding' : `${entries.length} findings`;
  return diagnostic('baseline-outdated', { count }, entries[0]?.span ?? null);
}
