import { parseBlock } from '../mesh/ip.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { type Admission, standingBy } from '../mesh/network-policies/admission.js';
import type { Hop, NetworkStop, Stop } from '../mesh/paths/hops.js';
import { namesFor } from '../mesh/paths/host-names.js';
import type { ServiceAt } from '../mesh/paths/legs.js';
import { pathOf } from '../mesh/paths/paths.js';
import { routedNames } from '../mesh/paths/routed-names.js';
import { namespacesThatMatter } from '../mesh/paths/visibility.js';
import type { Way as MeshWay } from '../mesh/paths/ways.js';
import { type CompiledPolicy, conditionsOf } from '../mesh/policies/compiled.js';
import { type Enforcement, enforcementAt } from '../mesh/policies/enforcement.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { RequestAuthentication } from '../mesh/policies/policy.js';
import { headersRead, preflightHeaders } from '../mesh/policies/token-places.js';
import { type Destination, describeDestination, type Payload } from '../mesh/request.js';
import { keyOf } from '../topology/model.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { bitsOf, indexesOf } from './bits.js';
import type { CallerClass, CallerKind, Callers } from './callers.js';
import { ofClientAddress } from './client-address.js';
import type { Constants } from './constants.js';
import { mergeConstants } from './constants.js';
import type { Test } from './dimension.js';
import { ofRegisteredClaim } from './registered-claims.js';
import { stoppedInNetwork } from './routes/network-stops.js';
import { onwardWays } from './routes/onward-ways.js';
import { askedOfSent, isAsSent, type Rewritten, seenAfter } from './routes/rewritten.js';
import { type RoutedWay, routedWays, type ServedName, type Tell, waysOfAll } from './routes/routed-ways.js';
import { type Choice, constantsOfPoint, type RoutingPoint, routingPoints } from './routes/table-sets.js';
import { waysOutside } from './routes/ways-outside.js';
import { constantsOfRules } from './token-space.js';

/** One way in: a destination as it is addressed, and the kind of bytes. Everything else about a request is in the space. */
export interface Lane {
  readonly destination: Destination;
  readonly payload: Payload['kind'];
}

/** Two lanes of one name are the same. */
export function nameOfLane({ payload, destination }: Lane): string {
  return `${payload} ${describeDestination(destination)}`;
}

/** A lane with what stands in it, for each kind of caller. */
export interface LanePlan {
  readonly lane: Lane;
  readonly ways: readonly Way[];
}

/** Callers that take the same path, with all their requests, or with those for which proxies on it choose it. */
export interface Way extends CallerKind {
  readonly stop: Stop | undefined;
  readonly gates: readonly Gate[];
  /** What NetworkPolicies stop of it, where that is only told of. */
  readonly network?: NetworkStop;
  /** The NetworkPolicies that were asked whether they let its callers in; absent where there are none. */
  readonly admissions?: readonly Admission[];
  /** What must decide about a request for it to come this way; absent where nobody routes. */
  readonly choices?: readonly Choice[];
  /** The name by which a gateway has requests that come this way; absent where no gateway leads on. */
  readonly served?: ServedName;
  /** What routes have made of requests when they come to the pod; absent where they left them alone. */
  readonly arriving?: Rewritten;
  /** What whoever plans wants to know of it. */
  readonly told?: string;
}

export interface Gate {
  readonly hop: Hop;
  readonly enforcement: Enforcement;
  /** What routes have made of requests on the way here; absent where they left them alone. */
  readonly rewritten?: Rewritten;
}

/** Finds the path of every kind of caller, and what is enforced on it; whoever plans many lanes may remember the latter. */
export function planLane(mesh: Mesh, callers: Callers, lane: Lane, enforce = enforcementAt, tell?: Tell): LanePlan {
  const kinds = dependsOnNamespace(mesh, lane) ? callers.kindsByNamespace : callers.kinds;
  const waysOf = wayFinder(mesh, lane, enforce, tell);
  return { lane, ways: kinds.flatMap((kind) => asLetIn(callers, kind, waysOf(kind), waysOf)) };
}

/** Finds the ways of callers of a kind, as if they were all let in as the one is that stands for them. */
export function wayFinder(mesh: Mesh, lane: Lane, enforce = enforcementAt, tell?: Tell): WayFinder {
  const enforced = oncePer(enforce, pointKey);
  const gateOf = (hop: Hop): Gate => ({ hop, enforcement: enforced(hop) });
  const scene = { mesh, lane, gateOf, pointAt: routingPoints(), ...(tell && { tell }) };
  return (kind) => planWays(scene, kind);
}

export type WayFinder = (kind: CallerKind) => readonly Way[];

/**
 * The ways of callers of a kind, as they were found for one of the kind: those whom the NetworkPolicies on them tell from that
 * one have ways of their own.
 */
export function asLetIn(
  { classes }: Callers,
  kind: CallerKind,
  found: readonly Way[],
  waysOf: WayFinder,
): readonly Way[] {
  const admissions = new Set(found.flatMap((way) => way.admissions ?? []));
  const alike = found.map((way) => ({ ...way, ...kind }));
  if (admissions.size === 0) return alike;
  const standing = standingBy(admissions, ({ caller }: CallerClass) => caller);
  const own = indexesOf(kind.callers).flatMap((index) => {
    const each = classes[index];
    return each === undefined ? [] : [{ index, each, standing: standing(each) }];
  });
  const [known] = found.map(({ representative }) => standing(representative));
  return [...groupBy(own, ({ standing }) => standing)].flatMap(([standing, group]) => {
    const callers = bitsOf(group.map(({ index }) => index));
    const parts = group.slice(0, 1).map(({ each }) => ({ callers, representative: each }));
    return parts.flatMap((part) => (standing === known ? alike.map((way) => ({ ...way, ...part })) : waysOf(part)));
  });
}

/** What decides about an enforcement, on ways that end at one workload: which proxy it is, for which Service, and at which port. */
export function pointKey({ mesh, point, chain, port }: Hop): string {
  return `${mesh.cluster.name} ${point.kind} ${chain} ${placeOf(point, port)}`;
}

function placeOf(point: Hop['point'], port: number): string {
  switch (point.kind) {
    case 'waypoint':
      return `${keyOf(point.waypoint)} ${point.service && keyOf(point.service)} ${port}`;
    case 'gateway':
      return `${keyOf(point.gateway)} ${port}`;
    case 'sidecar':
      return `${keyOf(point.workload)} ${port}`;
    case 'ztunnel':
      return keyOf(point.workload);
  }
}

/** Everything that the ways of a lane are planned with. */
interface Scene {
  readonly mesh: Mesh;
  readonly lane: Lane;
  readonly gateOf: (hop: Hop) => Gate;
  readonly pointAt: ReturnType<typeof routingPoints>;
  readonly tell?: Tell;
}

/** DestinationRules that set TLS for the service, and to whom it is exported, are a matter of the caller's namespace. */
export function dependsOnNamespace(mesh: Mesh, { destination }: Lane): boolean {
  return namespacesThatMatter(mesh, destination).length > 0;
}

/** Any request of the kind takes the same path: nothing in it is looked at before the first gate. */
const samples: Readonly<Record<Payload['kind'], Payload>> = {
  tcp: { kind: 'tcp' },
  http: { kind: 'http', method: 'GET', path: '/', host: '', headers: {} },
};

/** The ways of callers of a kind: several where proxies choose among them. */
function planWays(scene: Scene, kind: CallerKind): readonly Way[] {
  const { mesh, lane, gateOf } = scene;
  const routed = routedBy(scene, kind.representative);
  if (routed !== undefined) return routed.map((each) => chosenWay(each, kind, gateOf));
  return [{ ...planWay(mesh, kind, lane, gateOf), ...toldOfUnrouted(scene, kind.representative) }];
}

function toldOfUnrouted({ mesh, lane, tell }: Scene, { caller, source }: CallerClass): Pick<Way, 'told'> {
  const { destination, payload } = lane;
  if (tell === undefined || destination.kind !== 'service') return {};
  const [way] = waysOfAll(mesh, caller, destination, samples[payload]);
  return way === undefined ? {} : { told: tell(way, source) };
}

/** Where proxies choose the way; `undefined` where none does. */
function routedBy(
  { mesh, lane, pointAt, tell }: Scene,
  { caller, source }: CallerClass,
): readonly RoutedWay[] | undefined {
  const { destination, payload } = lane;
  if (destination.kind === 'service') {
    const toldOf = tell && ((way: MeshWay) => tell(way, source));
    return routedWays(mesh, caller, destination, samples[payload], pointAt, toldOf);
  }
  if (destination.kind === 'external') {
    return waysOutside(mesh, caller, destination, samples[payload], pointAt, tell && ((way) => tell(way, source)));
  }
  if (destination.kind !== 'gateway' || destination.onward === undefined) return undefined;
  return onwardWays(mesh, caller, destination, destination.onward, samples[payload], pointAt, tell);
}

/** A token that a route may have changed is not followed. */
function chosenWay(
  { stop, hops, choices, served, arriving, told, network, admissions }: RoutedWay,
  kind: CallerKind,
  gateOf: Scene['gateOf'],
): Way {
  const gates = hops.map(({ hop, rewritten }): Gate => ({ ...gateOf(hop), ...(rewritten && { rewritten }) }));
  const rest = {
    ...(served && { served }),
    ...(network && { network }),
    ...(admissions && { admissions }),
    ...(!isAsSent(arriving) && { arriving }),
    ...(told !== undefined && { told }),
  };
  const way = { ...kind, stop, gates, choices, ...rest };
  if (!gates.some(changesTokens)) return way;
  const because = 'what becomes of a token whose header a route changes';
  return { ...way, stop: { kind: 'not-modelled', because }, gates: [] };
}

function changesTokens({ enforcement: { authentication }, rewritten }: Gate): boolean {
  const read = ['authorization', ...headersRead(authentication.flatMap(({ rules }) => rules)), ...preflightHeaders];
  return authentication.length > 0 && read.some((name) => rewritten?.headers.has(name) === true);
}

export function planWay(mesh: Mesh, kind: CallerKind, { destination, payload }: Lane, gateOf: (hop: Hop) => Gate): Way {
  if (destination.kind === 'external') throw new Error('invariant broken: ways out of the mesh are planned by routes');
  const path = pathOf(mesh, kind.representative.caller, destination, samples[payload]);
  if (path.kind !== 'path') return { ...kind, stop: path, gates: [] };
  const { hops, ...stopped } = stoppedInNetwork(path.hops, path);
  return { ...kind, ...stopped, gates: hops.map(gateOf) };
}

/** Everything that the gates of a lane compare requests with. */
export function constantsOf(mesh: Mesh, plan: LanePlan): Constants {
  const constants = mergeConstants([
    ...comparersOf(plan).map(comparedBy),
    ...rewrittenGates(plan).map(comparedAsSent),
    ...pointsOf(plan).map(constantsOfPoint),
    ...plan.ways.flatMap(({ served }) => (served === undefined ? [] : constantsOfHost(served.host))),
  ]);
  const told = withHostNames(mesh, plan, constants);
  return told.has('source.ip') ? mergeConstants([told, ofOutsiders(mesh)]) : told;
}

export function constantsOfHost({ attribute, anyOf, noneOf }: Test): readonly Constants[] {
  return anyOf.length + noneOf.length === 0 ? [] : [new Map([[attribute, [...anyOf, ...noneOf]]])];
}

/** The tables that decide who comes which way, each once. */
export function pointsOf({ ways }: LanePlan): readonly RoutingPoint[] {
  return [...new Set(ways.flatMap(({ choices = [] }) => choices.map(({ point }) => point)))];
}

function rewrittenGates({ ways }: LanePlan): ReadonlyArray<Gate & { readonly rewritten: Rewritten }> {
  return ways.flatMap(({ gates }) =>
    gates.flatMap((gate) => (gate.rewritten === undefined ? [] : [{ ...gate, rewritten: gate.rewritten }])),
  );
}

/** What the policies of a gate compare, asked of requests as they were sent. */
function comparedAsSent({ enforcement, rewritten }: Gate & { readonly rewritten: Rewritten }): Constants {
  const conditions = enforcement.policies.flatMap(conditionsOf);
  const asked = conditions.filter(({ attribute }) => seenAfter(rewritten, attribute) === undefined);
  return mergeConstants(
    asked
      .map(askedOfSent(rewritten))
      .map(({ attribute, anyOf, noneOf }) => new Map([[attribute, [...anyOf, ...noneOf]]])),
  );
}

/**
 * Where hosts are compared, the names by which sidecars choose the Service of a lane are constants too: with others a
 * request does not come to it as its callers' (istio-traffic-topology T-92).
 */
export function withHostNames({ clusters }: Mesh, { lane, ways }: LanePlan, constants: Constants): Constants {
  const at = clusters.get(lane.destination.cluster);
  if (at === undefined || !constants.has('request.host')) return constants;
  const addressed = addressedBy(at, lane);
  if (addressed === undefined || !ways.some((way) => way.representative.caller.speaks === 'sidecar')) return constants;
  const matchers = [...namesFor(addressed.service), ...routedNames(at)].flatMap((name): readonly Matcher[] => [
    { kind: 'exact', value: name, ignoreCase: true },
    { kind: 'prefix', value: `${name}:`, ignoreCase: true },
  ]);
  return mergeConstants([constants, new Map([['request.host', matchers]])]);
}

/** The Service of a lane, where sidecars choose by the Host header who gets what is sent to its port. */
export function addressedBy(at: MeshCluster, { destination, payload }: Lane): ServiceAt | undefined {
  if (destination.kind !== 'service' || payload === 'tcp') return undefined;
  const service = at.cluster.services.get(destination.service);
  const port = service?.ports.find(({ number }) => number === destination.port);
  return service === undefined || port?.layer !== 'http' ? undefined : { service, port };
}

/** The authorization policies on a lane, each once. */
export const policiesOf = oncePerObject((plan: LanePlan): readonly CompiledPolicy[] => {
  return [...new Set(enforcementsOf(plan).flatMap(({ policies }) => policies))];
});

/** What compares requests: an authorization policy as a plane enforces it, or what asks for tokens. */
export type Comparer = CompiledPolicy | RequestAuthentication;

/** All that compare requests on a lane, each once. */
export function comparersOf(plan: LanePlan): readonly Comparer[] {
  return [...policiesOf(plan), ...new Set(enforcementsOf(plan).flatMap(({ authentication }) => authentication))];
}

const enforcementsOf = oncePerObject(({ ways }: LanePlan): readonly Enforcement[] => {
  return [...new Set(ways.flatMap(({ gates }) => gates.map(({ enforcement }) => enforcement)))];
});

/** Everything that one of them compares requests with. */
export const comparedBy = oncePerObject((comparer: Comparer): Constants => {
  if ('kind' in comparer) return constantsOfRules(comparer.rules);
  return mergeConstants(
    conditionsOf(comparer)
      .map(ofRegisteredClaim)
      .map(ofClientAddress)
      .map(({ attribute, anyOf, noneOf }) => new Map([[attribute, [...anyOf, ...noneOf]]])),
  );
});

function ofOutsiders({ topology }: Mesh): Constants {
  const blocks = topology.mesh.callers.flatMap(({ ipBlocks }) => ipBlocks).filter((block) => parseBlock(block));
  return new Map([['source.ip', blocks.map((block) => ({ kind: 'block', block }) as const)]]);
}
