import { bit } from '../../algebra/bits.js';
import { mergeConstants } from '../../algebra/constants.js';
import { constantsOf, type LanePlan } from '../../algebra/lane.js';
import { reachOf } from '../../algebra/reach.js';
import { boxSet, intersect, subtract } from '../../algebra/request-set.js';
import { type Comparison, compare } from '../compare.js';
import { firstOf, type LintContext } from '../context.js';
import { type Evidence, evidenceIn } from '../evidence.js';
import type { Site } from '../sites.js';
import type { Outsider } from '../values/outsiders.js';
import { commonWishes, type Wishes, withWishes } from '../wishes.js';
import { type Cause, isSame } from './cause.js';
import { causesFinder } from './causes-at.js';
import { mendedPlan } from './mended.js';
import { onceOpen, waysLookedAtAgain } from './opened.js';

/** Let through and would not be, or refused and would not be. */
export type Effect = 'slips' | 'refused';

/** What is looked for, and where. */
export interface Search {
  readonly sites: readonly Site[];
  readonly effects: readonly Effect[];
  /** The way in if nothing but the cause were mended. */
  readonly meantAt: (site: Site) => LanePlan;
  readonly wishesAt?: (site: Site) => Wishes;
}

/**
 * A request that shows what a cause does. By itself a cause may change nothing, because another one hides it: a rule that
 * a plane drops and that nobody could satisfy anyway is without effect if either is mended. So it is looked for beside
 * all other causes mended; and then, where a broken ALLOW refuses everything, as if that stood open.
 */
export function shownBy(context: LintContext, cause: Cause, search: Search): Evidence | undefined {
  const outsider = cause.kind === 'certificate' ? cause.outsider : undefined;
  const { sites, meantAt } = search;
  const alone = firstOf(sites, (site) => byItself(context, site, outsider, search));
  if (alone !== undefined) return alone;
  const concerned = sites.filter((site) => meantAt(site) !== site.plan).slice(0, waysLookedAtAgain);
  const beside = firstOf(concerned, (site) => besideOthers(context, cause, site, search));
  if (beside !== undefined || !search.effects.includes('slips')) return beside;
  const slipping: Search = { ...search, effects: ['slips'] };
  return firstOf(concerned, (site) => {
    return onceOpen(context, site, (opened, open) => byItself(opened, open, outsider, slipping));
  });
}

function byItself(
  context: LintContext,
  site: Site,
  outsider: Outsider | undefined,
  { effects, meantAt, wishesAt }: Search,
): Evidence | undefined {
  const meant = meantAt(site);
  if (meant === site.plan) return undefined;
  const wishes = wishesAt?.(site) ?? commonWishes;
  const comparison = compare(context, site.plan, meant, wishes);
  return evidenceOfEffects(context, ofCaller(outsider, comparison), effects, wishes);
}

/** What of a difference is about one caller, whose certificate is the question. */
function ofCaller(outsider: Outsider | undefined, comparison: Comparison): Comparison {
  if (outsider === undefined) return comparison;
  const own = boxSet(comparison.space.shape, new Map([[0, bit(outsider.index)]]));
  return {
    ...comparison,
    slips: intersect(comparison.slips, own),
    refused: intersect(comparison.refused, own),
  };
}

function evidenceOfEffects(
  { mesh }: LintContext,
  comparison: Comparison,
  effects: readonly Effect[],
  wishes: Wishes,
): Evidence | undefined {
  return firstOf(effects, (effect) =>
    evidenceIn(mesh, comparison, comparison[effect], effect === 'slips' ? 'allowed' : 'denied', wishes),
  );
}

/** Where more stand at one way in, each is told by itself or not at all: all of them together are compared for each. */
const causesMendedTogether = 20;

/** The difference that a cause makes while all others at the site are mended, as far as it is what happens today. */
function besideOthers(context: LintContext, cause: Cause, site: Site, search: Search): Evidence | undefined {
  const causes = causesFinder(context)(site);
  const others = causes.filter((other) => !isSame(other, cause));
  if (others.length === 0 || others.length === causes.length || others.length > causesMendedTogether) return undefined;
  const named = causes.flatMap((each) => (each.kind === 'certificate' ? [each.outsider] : []));
  const views = cause.kind === 'certificate' ? [cause.outsider] : [undefined, ...new Set(named)];
  return firstOf(views, (outsider) => {
    const rest = mendedPlan(context, site, { isMended: (each) => !isSame(each, cause), outsider });
    const whole = mendedPlan(context, site, { isMended: () => true, outsider });
    return evidenceToday(context, site, rest, whole, outsider, search);
  });
}

function evidenceToday(
  context: LintContext,
  site: Site,
  rest: LanePlan,
  whole: LanePlan,
  outsider: Outsider | undefined,
  { effects, wishesAt }: Search,
): Evidence | undefined {
  const { mesh, spaceOf } = context;
  const wishes = wishesAt?.(site) ?? commonWishes;
  const constants = mergeConstants([site.plan, rest, whole].map((plan) => constantsOf(mesh, plan)));
  const space = spaceOf(withWishes(constants, wishes));
  const [today, is, would] = [site.plan, rest, whole].map((plan) => reachOf(mesh, space, plan));
  if (today === undefined || is === undefined || would === undefined) return undefined;
  const slips = intersect(subtract(is.surely, would.possibly), today.surely);
  const refused = subtract(subtract(would.surely, is.possibly), today.possibly);
  const comparison = { plan: site.plan, space, is: today, would, slips, refused };
  return evidenceOfEffects(context, ofCaller(outsider, comparison), effects, wishes);
}
