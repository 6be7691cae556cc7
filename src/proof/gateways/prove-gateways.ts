import { intent } from '../../algebra/answers.js';

import { callerPool } from '../../algebra/caller-pool.js';
import { mergeConstants } from '../../algebra/constants.js';
import { describeSet } from '../../algebra/describe.js';
import { factInDoubt } from '../../algebra/doubt.js';
import type { GatewayLane } from '../../algebra/gateway-lanes.js';
import { comparersOf, constantsOf, type LanePlan, withHostNames } from '../../algebra/lane.js';
import { joinMentions, mentionsOfPlan } from '../../algebra/mentions.js';
import { plannerOf, withTlsNamespaces } from '../../algebra/planner.js';
import { comingTo, reachOf } from '../../algebra/reach.js';
import {
  boxSet,
  emptySet,
  intersect,
  isEmpty,
  oneOf,
  type RequestSet,
  subtract,
  union,
} from '../../algebra/request-set.js';
import { type Space, spaceMaker } from '../../algebra/space.js';
import { realRequests } from '../../algebra/universe.js';
import { witnessOf } from '../../algebra/witness.js';
import type { Decision } from '../../mesh/decide/decision.js';
import { decide } from '../../mesh/decide.js';
import type { Mesh } from '../../mesh/mesh.js';
import { describeRequest } from '../../mesh/request.js';
import type { Origin } from '../../resolve/resolved.js';
import type { ResolvedGatewaySecurity } from '../../resolve/resolved-gateway-security.js';
import { keyInMesh } from '../../topology/model.js';
import { assert } from '../../util/assert.js';
import { groupBy } from '../../util/order.js';
import { leftByAuthorizers } from '../left-by-authorizers.js';
import { callersOfWays, type GatewayContext, lanesOf } from './gateway-context.js';
import { askedAt, causeAt, constantsOfSecurity, meantAt, mentionsOfSecurity } from './meant.js';
import { proveThrough, type ThroughFinding } from './prove-through.js';

/** What was compared at gateways, and every way in which they do not do what the intents say. */
export interface GatewayProof {
  /** How many gateways settings speak of, and how many of their listeners were compared. */
  readonly gateways: number;
  readonly listeners: number;
  readonly findings: readonly GatewayFinding[];
  /** What applications say of requests that come by a gateway, and is not so. */
  readonly through: readonly ThroughFinding[];
}

export type GatewayFinding = { readonly security: ResolvedGatewaySecurity } & (
  | {
      readonly kind: 'too-much' | 'too-little';
      readonly requests: string;
      readonly witness: string;
      readonly decision: Decision;
      readonly origin: Origin | undefined;
      readonly says: string;
    }
  | {
      readonly kind: 'unasked' | 'asked';
      readonly authorizer: string;
      readonly requests: string;
      readonly witness: string;
    }
  | { readonly kind: 'doubt'; readonly fact: string }
  | { readonly kind: 'too-large' }
);

/** Compares who may call gateways with what their proxies let through, for every request to every listener. */
export function proveGateways(mesh: Mesh, gatewaySecurity: readonly ResolvedGatewaySecurity[]): GatewayProof {
  if (gatewaySecurity.length === 0) return { gateways: 0, listeners: 0, findings: [], through: [] };
  const context = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(mesh), ask: intent() };
  const proofs = gatewaySecurity.flatMap((security) => {
    return lanesOf(mesh, security).map((lane) => proveListener(context, security, lane));
  });
  const through = gatewaySecurity.flatMap((security) => proveThrough(context, security));
  return { gateways: gatewaySecurity.length, listeners: proofs.length, findings: distinct(proofs.flat()), through };
}

/** One of each kind for one gateway and intent: further listeners repeat it. */
function distinct(findings: readonly GatewayFinding[]): readonly GatewayFinding[] {
  const groups = groupBy(findings, (finding) =>
    [finding.kind, keyInMesh(finding.security.gateway), reasonOf(finding)].join('\n'),
  );
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

function reasonOf(finding: GatewayFinding): string {
  if (finding.kind === 'doubt') return finding.fact;
  if ('authorizer' in finding) return finding.authorizer;
  return finding.kind === 'too-large' ? '' : `${finding.origin?.id ?? ''} ${finding.decision.because}`;
}

function proveListener(
  { mesh, pool, makeSpace, ask }: GatewayContext,
  security: ResolvedGatewaySecurity,
  at: GatewayLane,
): readonly GatewayFinding[] {
  const { lane } = at;
  const { cluster } = security.gateway;
  const planner = plannerOf(mesh, pool, cluster);
  const scouted = planner.scout(lane);
  const mentions = joinMentions([mentionsOfPlan(scouted), mentionsOfSecurity(security)]);
  const callers = pool.callers(cluster, withTlsNamespaces(mesh, lane, mentions));
  const whole = planner.follow(scouted, callers);
  const plan = { ...whole, ways: whole.ways.filter(({ stop }) => stop?.kind !== 'not-modelled') };
  const answer = ask(comparersOf(plan), () => {
    const constants = mergeConstants([constantsOf(mesh, plan), constantsOfSecurity(security)]);
    const space = makeSpace(callers, withHostNames(mesh, plan, constants));
    return compared({ mesh, security, plan, space, at });
  });
  const found: readonly GatewayFinding[] = answer.kind === 'decided' ? answer.value : [{ kind: 'too-large', security }];
  return [...unknownWays(security, whole), ...found];
}

interface Situation {
  readonly mesh: Mesh;
  readonly security: ResolvedGatewaySecurity;
  readonly plan: LanePlan;
  readonly space: Space;
  readonly at: GatewayLane;
}

function compared(situation: Situation): readonly GatewayFinding[] {
  const { mesh, security, plan, space, at } = situation;
  const sent = reachOf(mesh, space, plan);
  const left = leftByAuthorizers(mesh, plan);
  const { surely, possibly } = left.plan === plan ? sent : reachOf(left.mesh, space, left.plan);
  const { must, may } = meantAt(security, at, space);
  const connected = boxSet(space.shape, new Map([[0, callersOfWays(plan)]]));
  const owed = intersect(must, connected, realRequests(mesh, space), comingTo(plan, space, 'surely'));
  const [tooMuch, tooLittle] = [subtract(surely, may), subtract(owed, possibly)];
  const doubtful = union(subtract(subtract(possibly, surely), may), intersect(subtract(owed, surely), possibly));
  return [
    ...differenceIn({ ...situation, ...left }, 'too-much', tooMuch),
    ...differenceIn({ ...situation, ...left }, 'too-little', tooLittle),
    ...misasked(situation, sent.possibly, sent.asks),
    ...(isEmpty(doubtful)
      ? []
      : [{ kind: 'doubt' as const, security, fact: factInDoubt(judge({ ...situation, ...left }, doubtful)) }]),
  ];
}

/** Compares what authorizers are asked about with what the rules name, for every authorizer that these name. */
function misasked(
  situation: Situation,
  passing: RequestSet,
  asks: ReadonlyMap<string, RequestSet>,
): readonly GatewayFinding[] {
  const { mesh, security, plan, space, at } = situation;
  return [...askedAt(security, at, space)].flatMap(([authorizer, meant]) => {
    const found = asks.get(authorizer) ?? emptySet(space.shape);
    const passed = intersect(passing, realRequests(mesh, space), comingTo(plan, space, 'possibly'));
    const differences = [
      { kind: 'unasked', set: subtract(intersect(passed, meant), found) },
      { kind: 'asked', set: subtract(intersect(found, passed), meant) },
    ] as const;
    return differences.flatMap(({ kind, set }) => {
      if (isEmpty(set)) return [];
      const requests = describeSet(space, plan.lane, set);
      const witness = describeRequest(judge(situation, set).request);
      return [{ kind, security, authorizer, requests, witness }];
    });
  });
}

function differenceIn(
  situation: Situation,
  kind: 'too-much' | 'too-little',
  set: RequestSet,
): readonly GatewayFinding[] {
  if (isEmpty(set)) return [];
  const { security, plan, space, at } = situation;
  const decision = judge(situation, set);
  return [
    {
      kind,
      security,
      requests: describeSet(space, plan.lane, set),
      witness: describeRequest(decision.request),
      decision,
      ...causeAt(security, at, space, oneOf(set)),
    },
  ];
}

function judge({ mesh, space, plan }: Situation, set: RequestSet): Decision {
  const witness = witnessOf(space, plan.lane, set);
  assert(witness !== undefined, 'a set that is not empty has a member');
  return decide(mesh, witness);
}

/** Callers whose way to the gateway is not modelled: nothing is claimed of them. */
function unknownWays(security: ResolvedGatewaySecurity, { ways }: LanePlan): readonly GatewayFinding[] {
  const facts = ways.flatMap(({ stop }) => (stop?.kind === 'not-modelled' ? [stop.because] : []));
  return [...new Set(facts)].map((fact) => ({ kind: 'doubt', security, fact }));
}
