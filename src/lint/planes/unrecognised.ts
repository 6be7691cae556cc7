import { none } from '../../algebra/bits.js';
import type { LanePlan, Way } from '../../algebra/lane.js';
import { boxSet, intersect } from '../../algebra/request-set.js';
import { seeingCaller } from '../attachment/waypoint-gates.js';
import { compare } from '../compare.js';
import type { LintContext } from '../context.js';
import { type Evidence, evidenceOfDifference } from '../evidence.js';
import { withGates } from '../plans.js';
import type { PodSite } from '../sites.js';

/** A request that is decided otherwise than it would be with the certificate of its caller. */
export function unrecognised(context: LintContext, { plan }: PodSite, ways: readonly Way[]): Evidence | undefined {
  const lost = ways.filter(losesCertificate);
  if (lost.length === 0) return undefined;
  const comparison = compare(context, plan, recognising(plan, lost));
  const callers = lost.reduce((bits, way) => bits | way.callers, none);
  const own = boxSet(comparison.space.shape, new Map([[0, callers]]));
  const slips = intersect(comparison.slips, own);
  return evidenceOfDifference(context, { ...comparison, slips, refused: intersect(comparison.refused, own) });
}

function losesCertificate({ representative: { caller }, gates }: Way): boolean {
  return caller.speaks === 'sidecar' && gates.some(({ hop }) => hop.peer.kind === 'nobody');
}

function recognising(plan: LanePlan, lost: readonly Way[]): LanePlan {
  return withGates(plan, (gates, way) => (lost.includes(way) ? gates.map(seeingCaller) : gates));
}
