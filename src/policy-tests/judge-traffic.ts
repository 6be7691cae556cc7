import { namingOthers } from '../algebra/by-host.js';
import { mergeConstants } from '../algebra/constants.js';
import { constantsOf, type Lane, type LanePlan, planLane, type Way, withHostNames } from '../algebra/lane.js';
import { comingTo, reachOf } from '../algebra/reach.js';
import {
  boxSet,
  emptySet,
  fullSet,
  intersect,
  isEmpty,
  type RequestSet,
  subtract,
  union,
} from '../algebra/request-set.js';
import { arrivalsOf } from '../algebra/routes/arrivals.js';
import type { Space } from '../algebra/space.js';
import { realRequests } from '../algebra/universe.js';
import { enforcementAt } from '../mesh/policies/enforcement.js';
import { settingsOnWay } from '../mesh/routes/settings/on-way.js';
import type { MeantTarget, ResolvedGuardrail, TrafficClaim } from '../resolve/resolved-guardrail.js';
import { callerConstants, callerSets, isNamed } from './caller-sets.js';
import { conditionConstants, conditionSet } from './conditions.js';
import { callersOfWays, callersWithin, type LaneFinding } from './judge-lane.js';
import type { Situation } from './situation.js';
import { keptOn } from './traffic-claim.js';

/**
 * A check of what proxies do with requests, ready to judge one lane after another. It speaks of callers that have a proxy of
 * the mesh, and of what comes through gateways: nobody keeps to anything for those who send plaintext.
 */
export function trafficJudge(
  situation: Situation,
  check: ResolvedGuardrail,
  claim: TrafficClaim,
): (target: MeantTarget, lane: Lane) => LaneFinding {
  const { mesh, callers } = situation;
  const named = callerSets(check.callers, callers, 'some');
  const judged = callersWithin(callers, check.cluster);
  return (target, lane) => {
    const whole = planLane(mesh, callers, lane, enforcementAt, (way, source) => {
      // Nobody waits for the answer to a copy.
      return way.copy === undefined ? keptOn(settingsOnWay(mesh, way, source), claim).kind : 'kept';
    });
    const arrivals = arrivalsOf(whole);
    const asked = arrivals.map(({ arriving }) => conditionConstants(target, arriving));
    const constants = [constantsOf(mesh, whole), callerConstants(check.callers, mesh), ...asked];
    const space = situation.spaceOf(withHostNames(mesh, whole, mergeConstants(constants)));
    const others = union(emptySet(space.shape), ...namingOthers(mesh, space, whole));
    const given = intersect(boxSet(space.shape, new Map([[0, judged]])), realRequests(mesh, space));
    const findings = arrivals.map(({ plan, arriving }) => {
      const senders = isMeantGateway(check, lane) ? fullSet(space.shape) : named(space, plan);
      const meant = intersect(intersect(given, conditionSet(target, space, arriving)), senders);
      const claimed = subtract(intersect(meant, proxied(space, plan)), others);
      return {
        ...against(situation, space, plan, claimed),
        open: intersect(claimed, comingTo(plan, space, 'possibly')),
      };
    });
    const all = (part: 'broken' | 'doubtful' | 'open') =>
      union(emptySet(space.shape), ...findings.map((finding) => finding[part]));
    return {
      lane,
      space,
      broken: all('broken'),
      doubtful: all('doubtful'),
      isAboutSomething: !isEmpty(all('open')),
      leavesOut: false,
    };
  };
}

/** What passes on ways on which the claim is broken, and what may pass on ways of which that is not known. */
function against({ mesh }: Situation, space: Space, { lane, ways }: LanePlan, claimed: RequestSet) {
  const of = (isMeant: (way: Way) => boolean) => {
    const found = ways.filter(isMeant);
    const { surely, possibly } = reachOf(mesh, space, { lane, ways: found });
    return { surely: intersect(claimed, surely), possibly: intersect(claimed, possibly) };
  };
  const [broken, unknown] = [of(({ told }) => told === 'broken'), of(isUnknown)];
  return { broken: broken.surely, doubtful: union(broken.possibly, unknown.possibly) };
}

/** Nothing is told of a way that is not known at all. */
function isUnknown({ told, stop }: Way): boolean {
  return told === 'unknown' || (told === undefined && stop?.kind === 'not-modelled');
}

/** What a gateway sends is what came through it: it is looked at on the ways through its listeners. */
function proxied(space: Space, plan: LanePlan): RequestSet {
  if (plan.lane.destination.kind === 'gateway') return fullSet(space.shape);
  return callersOfWays(space, plan, hasOwnProxy);
}

function hasOwnProxy({ representative: { caller } }: Way): boolean {
  return caller.speaks === 'sidecar' || caller.speaks === 'ambient';
}

function isMeantGateway({ callers }: ResolvedGuardrail, { destination }: Lane): boolean {
  if (destination.kind !== 'gateway') return false;
  const { cluster, gateway } = destination;
  return isNamed(callers, { kind: 'gateway', cluster, gateway });
}
