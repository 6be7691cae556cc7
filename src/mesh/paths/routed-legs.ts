import type { MeshCluster } from '../mesh.js';
import { type Followed, followTables, type RouteOutcome } from '../routes/follow/follow.js';
import { followAll } from '../routes/follow/follow-all.js';
import type { RoutedRequest } from '../routes/follow/matching.js';
import { type Target, targetOf } from '../routes/follow/target.js';
import type { ConnectionRule } from '../routes/route.js';
import { namesOf, type RouteTables } from '../routes/table.js';
import type { Leg, LegEnd, RoutingStep } from './legs.js';

/** A proxy that routes, and for whom. */
export interface Router {
  readonly mesh: MeshCluster;
  readonly at: RoutingStep['at'];
  readonly name: string | undefined;
  /** The namespace whose DestinationRules it obeys. */
  readonly namespace: string | undefined;
  /** The port that was addressed. */
  readonly port: number;
  /** What it does with what a rule names: it may not know it. */
  admit(target: Target): LegEnd;
}

/** What a proxy makes of a request by its tables. */
export function requestLegs(router: Router, tables: RouteTables, sent: RoutedRequest): readonly Leg[] {
  const followed = sent.standsForAll === true ? followAll(tables, sent) : [followTables(tables, sent)];
  const tried = namesOf(tables.tables[0]?.routes ?? []);
  return followed.flatMap((each) => {
    const { choice } = each;
    return each.outcomes.map((outcome) => ({
      ...legOf(router, each, outcome, sent, tried),
      ...(choice && { choice }),
    }));
  });
}

function legOf(router: Router, { rule }: Followed, outcome: RouteOutcome, before: RoutedRequest, tried: string): Leg {
  const base = { at: router.at, name: router.name, rule: rule?.origin, tried, before };
  if (outcome.kind !== 'forward') {
    const step: RoutingStep = { ...base, because: outcome.because, after: undefined, mirrors: [] };
    return { share: outcome.share, step, sent: undefined, applied: [], to: outcome, ...(rule && { rule }) };
  }
  const { share, destination, applied, request, mirrors } = outcome;
  const target = targetOf(router.mesh, router.namespace, destination, router.port);
  const because = describeTarget(destination);
  const step: RoutingStep = { ...base, because, after: request, mirrors };
  const decided = { destination, ...(rule && { rule }) };
  return { share, step, sent: request, applied: [applied], to: router.admit(target), ...decided };
}

/** What a proxy makes of a connection by the rule that it follows. */
export function connectionLegs(router: Router, rule: ConnectionRule): readonly Leg[] {
  const total = rule.destinations.reduce((sum, { weight }) => sum + weight, 0);
  return rule.destinations.map((destination) => {
    const origin = { at: router.at, name: router.name, rule: rule.origin, tried: '' };
    const base = { ...origin, before: undefined, after: undefined };
    const step: RoutingStep = { ...base, because: describeTarget(destination), mirrors: [] };
    const target = targetOf(router.mesh, router.namespace, destination, router.port);
    const to = router.admit(target);
    return { share: destination.weight / total, step, sent: undefined, applied: [], to, destination };
  });
}

function describeTarget({
  host,
  subset,
  port,
}: {
  host: string;
  subset: string | undefined;
  port: number | undefined;
}) {
  const version = subset === undefined ? '' : `, subset ${subset}`;
  return `to ${host}${port === undefined ? '' : `:${port}`}${version}`;
}
