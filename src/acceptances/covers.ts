import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
import { once } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { isAcceptable } from './acceptable.js';
import { type ClusterOf, type Finding, findingOf } from './finding.js';

/** The acceptances that cover a finding, in their order: those of its code whose place is that of the finding. */
export function coverage(
  acceptances: readonly Acceptance[],
  clusterOf: ClusterOf,
): (found: Diagnostic) => readonly Acceptance[] {
  const byCode = groupBy(acceptances, ({ what }) => what);
  return (found) => {
    if (!isAcceptable(found)) return [];
    // A file is read again for the place of a finding, which a comment never needs.
    const finding = once(() => findingOf(found, clusterOf));
    return (byCode.get(found.code) ?? []).filter((acceptance) => covers(acceptance, found, finding));
  };
}

function covers({ where, about }: Acceptance, found: Diagnostic, finding: () => Finding): boolean {
  const { span, parameters } = found;
  if (about !== undefined && !Object.values(parameters).some((said) => String(said).includes(about))) return false;
  if (where.kind === 'finding') return where.fingerprint === finding().fingerprint;
  if (where.kind === 'text') {
    const { file, start, end } = where.span;
    return span !== null && span.file.path === file.path && start <= span.start && span.start < end;
  }
  const { object, namespace } = where;
  return (
    (object === undefined || object === finding().object) &&
    (namespace === undefined || namespace === finding().namespace)
  );
}
