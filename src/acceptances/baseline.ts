import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { sortBy } from '../util/order.js';
import { isAcceptable } from './acceptable.js';
import { type ClusterOf, type Finding, findingOf } from './finding.js';
import type { Settled } from './settle.js';

/**
 * What a baseline has to list so that a run finds nothing else: all that stands and can be accepted, and what a baseline
 * accepts already. What somebody accepts elsewhere stays there.
 */
export function baselineOf(
  { diagnostics, accepted }: Pick<Settled, 'diagnostics' | 'accepted'>,
  clusterOf: ClusterOf,
): readonly Finding[] {
  const before = accepted.filter(({ acceptance }) => acceptance.writtenIn === 'baseline');
  const found: readonly Diagnostic[] = [...diagnostics.filter(isAcceptable), ...before.map((each) => each.diagnostic)];
  const findings = found.map((each) => findingOf(each, clusterOf));
  const distinct = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  return sortBy(
    distinct.values(),
    ({ diagnostic }) => diagnostic.code,
    ({ cluster = '' }) => cluster,
    ({ object = '' }) => object,
    ({ field }) => field,
    ({ diagnostic }) => diagnostic.message,
    ({ fingerprint }) => fingerprint,
  );
}
