import type { Bits } from '../../algebra/bits.js';
import { mergeConstants } from '../../algebra/constants.js';
import { describeSet } from '../../algebra/describe.js';
import { factInDoubt } from '../../algebra/doubt.js';
import type { GatewayLane } from '../../algebra/gateway-lanes.js';
import { comparersOf, constantsOf, type LanePlan, withHostNames } from '../../algebra/lane.js';
import { joinMentions, mentionsOfPlan } from '../../algebra/mentions.js';
import { plannerOf, withTlsNamespaces } from '../../algebra/planner.js';
import { comingTo, reachOf } from '../../algebra/reach.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../../algebra/request-set.js';
import type { Space } from '../../algebra/space.js';
import { realRequests } from '../../algebra/universe.js';
import { witnessOf } from '../../algebra/witness.js';
import type { Decision } from '../../mesh/decide/decision.js';
import { decide } from '../../mesh/decide.js';
import { describeRequest, type PodPort } from '../../mesh/request.js';
import type { GatewayRule, ResolvedGatewaySecurity } from '../../resolve/resolved-gateway-security.js';
import { arrivalPortsOf, type Cluster, keyOf } from '../../topology/model.js';
import { assert } from '../../util/assert.js';
import { groupBy } from '../../util/order.js';
import { callersOfWays, type GatewayContext, lanesOf } from './gateway-context.js';
import { constantsOfSecurity, meantAt, mentionsOfSecurity, spokenOf } from './meant.js';

/** Where a rule of an application at a gateway, and what the gateway leads to its Service, are not the same. */
export type ThroughFinding = { readonly security: ResolvedGatewaySecurity; readonly service: string } & (
  | {
      /** The rule speaks of requests that are led elsewhere; or leaves out some that it means; or they are refused behind. */
      readonly kind: 'led-elsewhere' | 'left-out' | 'refused-behind';
      readonly rule: GatewayRule;
      readonly requests: string;
      readonly witness: string;
      readonly decision: Decision;
    }
  | { readonly kind: 'doubt'; readonly fact: string }
  | { readonly kind: 'too-large' }
);

/** Follows every request through a gateway to the Services of which applications say who may come to them by it. */
export function proveThrough(context: GatewayContext, security: ResolvedGatewaySecurity): readonly ThroughFinding[] {
  const { cluster } = context.mesh.clusters.get(security.gateway.cluster) ?? {};
  const gateway = cluster?.gateways.get(keyOf(security.gateway));
  if (cluster === undefined || gateway === undefined) return [];
  const rules = security.rules.flatMap((rule) => (rule.through ? [[rule.through.service, rule] as const] : []));
  return [...groupBy(rules, ([service]) => service)].flatMap(([service, group]) =>
    lanesOf(context.mesh, security)
      .filter(({ lane }) => lane.payload === 'http')
      .flatMap((lane) =>
        proveLane(context, {
          security,
          service,
          rules: group.map(([, rule]) => rule),
          lane,
          pods: podsOf(cluster, service),
        }),
      ),
  );
}

interface ThroughLane {
  readonly security: ResolvedGatewaySecurity;
  readonly service: string;
  readonly rules: readonly GatewayRule[];
  readonly lane: GatewayLane;
  readonly pods: readonly PodPort[];
}

function podsOf({ services, workloads }: Cluster, name: string): readonly PodPort[] {
  const service = services.get(name);
  return (service?.workloads ?? []).flatMap((workload) => {
    const pod = workloads.get(workload);
    const ports = pod ? (service?.ports ?? []).flatMap((port) => arrivalPortsOf(service, port, pod)) : [];
    return [...new Set(ports)].map((port) => ({ workload, port }));
  });
}

function proveLane({ mesh, pool, makeSpace, ask }: GatewayContext, through: ThroughLane): readonly ThroughFinding[] {
  const { security, service, pods } = through;
  const { lane } = through.lane;
  const { destination } = lane;
  if (destination.kind !== 'gateway') return [];
  const planner = plannerOf(mesh, pool, security.gateway.cluster);
  const arriving = planner.scout(lane);
  const scouted = pods.map((onward) => planner.scout({ ...lane, destination: { ...destination, onward } }));
  const mentions = joinMentions([mentionsOfSecurity(security), ...[arriving, ...scouted].map(mentionsOfPlan)]);
  const callers = pool.callers(security.gateway.cluster, withTlsNamespaces(mesh, lane, mentions));
  const plans = scouted
    .map((plan) => planner.follow(plan, callers))
    .map((plan) => ({ ...plan, ways: plan.ways.filter(({ stop }) => stop?.kind !== 'not-modelled') }));
  const answer = ask(plans.flatMap(comparersOf), () => {
    const constants = mergeConstants([
      ...plans.map((plan) => withHostNames(mesh, plan, constantsOf(mesh, plan))),
      constantsOfSecurity(security),
    ]);
    const callersThere = callersOfWays(planner.follow(arriving, callers));
    const space = makeSpace(callers, constants);
    return compared({ mesh, through, plans, space, callersThere });
  });
  return answer.kind === 'decided' ? answer.value : [{ kind: 'too-large', security, service }];
}

interface Situation {
  readonly mesh: GatewayContext['mesh'];
  readonly through: ThroughLane;
  readonly plans: readonly LanePlan[];
  readonly space: Space;
  /** Who has a way to the listener. */
  readonly callersThere: Bits;
}

function compared(situation: Situation): readonly ThroughFinding[] {
  const { mesh, through, plans, space, callersThere } = situation;
  const nothing = emptySet(space.shape);
  const led = (bound: 'surely' | 'possibly') => union(nothing, ...plans.map((plan) => comingTo(plan, space, bound)));
  const connected = boxSet(space.shape, new Map([[0, callersThere]]));
  const real = intersect(connected, realRequests(mesh, space));
  const [surely, possibly] = [led('surely'), led('possibly')];
  return through.rules.flatMap((rule) => {
    const said = spoken(situation, rule);
    const written = spoken(situation, { ...rule, requests: rule.through?.requests ?? [] });
    return [
      ...differenceIn(situation, rule, 'led-elsewhere', subtract(intersect(said, real), possibly)),
      ...differenceIn(situation, rule, 'left-out', subtract(intersect(written, real, surely), said)),
      ...(rule.effect === 'Allow' ? behind(situation, rule, intersect(said, real)) : []),
    ];
  });
}

/** What the rule lets through the gateway, and the Service behind it then does not take. */
function behind(situation: Situation, rule: GatewayRule, said: RequestSet): readonly ThroughFinding[] {
  const { mesh, through, plans, space } = situation;
  const { security, service, lane } = through;
  const { must } = meantAt(security, lane, space);
  return plans.flatMap((plan) => {
    const { surely, possibly } = reachOf(mesh, space, plan);
    const owed = intersect(said, must, comingTo(plan, space, 'surely'));
    const doubtful = subtract(intersect(owed, possibly), surely);
    const fact = isEmpty(doubtful) ? undefined : factInDoubt(judge(situation, plan, doubtful));
    return [
      ...differenceIn({ ...situation, plans: [plan] }, rule, 'refused-behind', subtract(owed, possibly)),
      ...(fact === undefined ? [] : [{ kind: 'doubt' as const, security, service, fact }]),
    ];
  });
}

function spoken({ through, space }: Situation, rule: GatewayRule): RequestSet {
  return spokenOf(through.security.gateway, rule, through.lane, space);
}

function differenceIn(
  situation: Situation,
  rule: GatewayRule,
  kind: Extract<ThroughFinding, { rule: GatewayRule }>['kind'],
  set: RequestSet,
): readonly ThroughFinding[] {
  const { through, plans, space } = situation;
  const plan = plans[0] ?? { lane: through.lane.lane, ways: [] };
  if (isEmpty(set)) return [];
  const { security, service, lane } = through;
  const decision = judge(situation, kind === 'refused-behind' ? plan : { ...plan, lane: lane.lane }, set);
  const requests = describeSet(space, lane.lane, set);
  return [{ kind, security, service, rule, requests, witness: describeRequest(decision.request), decision }];
}

function judge({ mesh, space }: Situation, { lane }: LanePlan, set: RequestSet): Decision {
  const witness = witnessOf(space, lane, set);
  assert(witness !== undefined, 'a set that is not empty has a member');
  return decide(mesh, witness);
}
