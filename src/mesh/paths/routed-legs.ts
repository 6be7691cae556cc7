import { type Followed, followTables, type RouteOutcome } from '../routes/follow/follow.js';
import { followAll } from '../routes/follow/follow-all.js';
import type { RoutedRequest } from '../routes/follow/matching.js';
import { targetOf } from '../routes/follow/target.js';
import type { ConnectionRule } from '../routes/route.js';
import { sharesOf } from '../routes/shares.js';
import { namesOf, type RouteTables } from '../routes/table.js';
import { copyLegs } from './copy-legs.js';
import type { Leg, RoutingStep } from './legs.js';
import { describeTarget, type Router, requestEnd } from './router.js';

/** What a proxy makes of a request by its tables. */
export function requestLegs(router: Router, tables: RouteTables, sent: RoutedRequest): readonly Leg[] {
  const followed = sent.standsForAll === true ? followAll(tables, sent) : [followTables(tables, sent)];
  const tried = namesOf(tables.tables[0]?.routes ?? []);
  return followed.flatMap((each) => {
    const { choice } = each;
    return each.outcomes
      .flatMap((outcome) => legsOf(router, each, outcome, sent, tried))
      .map((leg) => ({ ...leg, ...(choice && { choice }) }));
  });
}

/** Where a request goes, and where copies of it go. */
function legsOf(
  router: Router,
  followed: Followed,
  outcome: RouteOutcome,
  before: RoutedRequest,
  tried: string,
): readonly Leg[] {
  const leg = legOf(router, followed, outcome, before, tried);
  return outcome.kind === 'forward' ? [leg, ...copyLegs(router, leg, outcome)] : [leg];
}

function legOf(router: Router, { rule }: Followed, outcome: RouteOutcome, before: RoutedRequest, tried: string): Leg {
  const base = { at: router.at, name: router.name, rule: rule?.origin, tried, before };
  if (outcome.kind !== 'forward') {
    const step: RoutingStep = { ...base, because: outcome.because, after: undefined };
    return { share: outcome.share, step, sent: undefined, applied: [], to: outcome, ...(rule && { rule }) };
  }
  const { share, destination, applied, request } = outcome;
  const because = describeTarget(destination);
  const step: RoutingStep = { ...base, because, after: request };
  const decided = { destination, ...(rule && { rule }) };
  return { share, step, sent: request, applied: [applied], to: requestEnd(router, destination), ...decided };
}

/** What a proxy makes of a connection by the rule that it follows. */
export function connectionLegs(router: Router, rule: ConnectionRule): readonly Leg[] {
  const shareOf = sharesOf(rule.destinations);
  return rule.destinations.map((destination) => {
    const origin = { at: router.at, name: router.name, rule: rule.origin, tried: '' };
    const base = { ...origin, before: undefined, after: undefined };
    const step: RoutingStep = { ...base, because: describeTarget(destination) };
    const target = targetOf(router.mesh, router.obeying, destination, router.port);
    const to = router.admit(target, destination.statusIfMissing);
    return { share: shareOf(destination), step, sent: undefined, applied: [], to, destination };
  });
}
