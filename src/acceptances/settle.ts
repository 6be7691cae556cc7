import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { type Acceptance, type AcceptedGap, termOf } from '../parse/acceptance.js';
import { checkAcceptances } from './check.js';
import { coverage } from './covers.js';
import type { ClusterOf } from './finding.js';
import { isGap, isInForce } from './in-force.js';
import { unusedDiagnostics } from './unused.js';

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
  const coverOf = coverage(inForce, clusterOf);
  const settled = found.map((diagnostic) => ({ diagnostic, covers: coverOf(diagnostic) }));
  const remarks = gaps.map(({ acceptance, gap }) => ({ diagnostic: remark(acceptance, gap), acceptance }));
  const used = new Set([...gaps.map(({ acceptance }) => acceptance), ...settled.flatMap(({ covers }) => covers)]);
  const unused = inForce.filter((acceptance) => !used.has(acceptance) && wasLookedFor(settlement, acceptance));
  return {
    diagnostics: [
      ...settled.flatMap(({ diagnostic, covers }) => (covers.length === 0 ? [diagnostic] : [])),
      ...remarks.map(({ diagnostic }) => diagnostic),
      ...faults,
      ...checkAcceptances(acceptances, today),
      ...unusedDiagnostics(unused, found),
    ],
    accepted: [
      ...remarks,
      ...settled.flatMap(({ diagnostic, covers: [first] }) => (first ? [{ diagnostic, acceptance: first }] : [])),
    ],
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
