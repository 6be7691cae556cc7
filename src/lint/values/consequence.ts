import type { Gate } from '../../algebra/lane.js';
import { type Search, shownBy } from '../causes/shown.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext } from '../context.js';
import { type Evidence, evidenceIn } from '../evidence.js';
import type { Site } from '../sites.js';
import { unaskedIn } from '../unasked.js';
import { commonWishes, type Wishes } from '../wishes.js';
import { type Correction, correctedPlan } from './rewrite.js';
import type { WrittenValue } from './written-values.js';

/** What it would change to write other values in the place of one, if anything. */
export function consequenceOf(
  context: LintContext,
  { subject, test, value }: WrittenValue,
  replace: (site: Site, gate: Gate) => readonly string[],
  wishesAt: (site: Site) => Wishes = () => commonWishes,
): Evidence | undefined {
  const correct: Correction = (candidate, site, gate) => {
    if (candidate.place !== test.place) return candidate;
    const swap = (written: string) => (written === value ? replace(site, gate) : [written]);
    return { ...candidate, values: candidate.values.flatMap(swap), notValues: candidate.notValues.flatMap(swap) };
  };
  const meantAt = (site: Site) => correctedPlan(subject, site, correct);
  const search: Search = { sites: subject.sites, effects: ['slips', 'refused'], meantAt, wishesAt };
  if (subject.policy.action === 'CUSTOM') return notAsked(context, subject.policy, search);
  return shownBy(context, { kind: 'value', test: test.place, value }, search);
}

/** A request that gets in without its authorizer, and would be shown to it. */
function notAsked(
  context: LintContext,
  policy: WrittenValue['subject']['policy'],
  { sites, meantAt, wishesAt }: Search,
): Evidence | undefined {
  return firstOf(sites, (site) => {
    const wishes = wishesAt?.(site) ?? commonWishes;
    const comparison = compare(context, site.plan, meantAt(site), wishes);
    return evidenceIn(context.mesh, comparison, unaskedIn(comparison, policy), 'allowed', wishes);
  });
}
