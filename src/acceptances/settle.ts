import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { type Acceptance, type AcceptedGap, termOf } from '../parse/acceptance.js';
import { groupBy } from '../util/order.js';
import { isAcceptable } from './acceptable.js';
import { checkAcceptances } from './check.js';
import { type ClusterOf, type Finding, findingOf } from './finding.js';
import { isGap, isInForce } from './in-force.js';

/** What was said in a run, and what somebody accepts of it. */
export interface Settlement {
  readonly acceptances: Result<readonly Acceptance[]>;
  readonly found: readonly Diagnostic[];
  /** `undefined` where the run did not come to the question whether there are any. */
  readonly gaps: readonly AcceptedGap[] | undefined;
  /** With what the codes begin that the run looked for: an acceptance of any other is not called unused. */
  readonly lookedFor: readonly string[];
  readonly today: string | undefined;
  readonly clusterOf: ClusterOf;
}

/** A finding or a gap that is accepted. */
export interface Accepted {
  readonly diagnostic: Diagnostic;
  readonly acceptance: Acceptance;
}

export interface Settled {
  /** What stands, and what is wrong with the acceptances. */
  readonly diagnostics: readonly Diagnostic[];
  readonly accepted: readonly Accepted[];
}

/** Takes what is accepted out of what was found, and checks every acceptance: there is no other way to set a finding aside. */
export function settle(settlement: Settlement): Settled {
  const { found, gaps = [], today, clusterOf } = settlement;
  const { value: acceptances, diagnostics: faults } = settlement.acceptances;
  const inForce = acceptances.filter((acceptance) => isInForce(acceptance, today));
  const used = new Set<Acceptance>(gaps.map(({ acceptance }) => acceptance));
  const coverOf = coverage(inForce, clusterOf);
  const standing: Diagnostic[] = [];
  const accepted: Accepted[] = gaps.map(({ acceptance, gap }) => ({ acceptance, diagnostic: remark(acceptance, gap) }));
  for (const each of found) {
    const covers = isAcceptable(each) ? coverOf(each) : [];
    for (const acceptance of covers) used.add(acceptance);
    const [acceptance] = covers;
    if (acceptance === undefined) standing.push(each);
    else accepted.push({ diagnostic: each, acceptance });
  }
  const remarks = accepted.slice(0, gaps.length).map((each) => each.diagnostic);
  const unused = inForce.filter((acceptance) => !used.has(acceptance) && wasLookedFor(settlement, acceptance));
  return {
    diagnostics: [
      ...standing,
      ...remarks,
      ...faults,
      ...checkAcceptances(acceptances, today),
      ...unusedOnes(unused, found),
    ],
    accepted,
  };
}

/** A gap changes what is enforced, and is told in every run. */
function remark(acceptance: Acceptance, gap: string): Diagnostic {
  const notes = [{ message: acceptance.reason }];
  return diagnostic('accepted', { term: termOf(acceptance), gap }, acceptance.span, { notes });
}

function wasLookedFor({ gaps, lookedFor }: Settlement, { what }: Acceptance): boolean {
  return isGap(what) ? gaps !== undefined : lookedFor.some((start) => what.startsWith(start));
}

/** The acceptances of a finding, in their order. Its place is worked out only where somebody accepts its code. */
function coverage(
  acceptances: readonly Acceptance[],
  clusterOf: ClusterOf,
): (found: Diagnostic) => readonly Acceptance[] {
  const byCode = groupBy(acceptances, ({ what }) => what);
  return (found) => {
    const candidates = byCode.get(found.code) ?? [];
    if (candidates.length === 0) return [];
    const finding = findingOf(found, clusterOf);
    return candidates.filter((acceptance) => covers(acceptance, finding));
  };
}

function covers({ where }: Acceptance, { diagnostic: { span }, object, namespace, fingerprint }: Finding): boolean {
  if (where.kind === 'finding') return where.fingerprint === fingerprint;
  if (where.kind === 'text') {
    const { file, start, end } = where.span;
    return span !== null && span.file.path === file.path && start <= span.start && span.start < end;
  }
  return (
    (where.object === undefined || where.object === object) &&
    (where.namespace === undefined || where.namespace === namespace)
  );
}

/** What is accepted and does not occur would cover, unseen, the first that does. A baseline is told as a whole. */
function unusedOnes(unused: readonly Acceptance[], found: readonly Diagnostic[]): readonly Diagnostic[] {
  const baseline = unused.filter(({ writtenIn }) => writtenIn === 'baseline');
  const others = unused.filter(({ writtenIn }) => writtenIn !== 'baseline');
  return [
    ...others.map((acceptance) => unusedOne(acceptance, found)),
    ...[...groupBy(baseline, ({ span }) => span.file.path).values()].map(outdated),
  ];
}

function unusedOne({ what, span }: Acceptance, found: readonly Diagnostic[]): Diagnostic {
  const elsewhere = found.filter((each) => each.code === what).flatMap((each) => each.span ?? []);
  const near = elsewhere.find(({ file }) => file.path === span.file.path) ?? elsewhere[0];
  const notes = near === undefined ? [] : [{ message: 'it occurs here', span: near }];
  return diagnostic('acceptance-unused', { what }, span, { notes });
}

function outdated(entries: readonly Acceptance[]): Diagnostic {
  const count = entries.length === 1 ? 'one finding' : `${entries.length} findings`;
  return diagnostic('baseline-outdated', { count }, entries[0]?.span ?? null);
}
