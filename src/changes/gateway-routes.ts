import type { CallerClass } from '../algebra/callers.js';
import { where } from '../algebra/conditions.js';
import { answerTo, TooLarge } from '../algebra/limits.js';
import { nobody } from '../algebra/mentions.js';
import { routingPoints } from '../algebra/routes/table-sets.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { type Caller, callerOf } from '../mesh/paths/caller.js';
import { unanswered } from '../mesh/paths/gateway/gateway-legs.js';
import { allOnwardFrom, onwardFrom, type ToGateway } from '../mesh/paths/onward.js';
import { waysThrough } from '../mesh/paths/through-gateways.js';
import { type Way, waysOnward } from '../mesh/paths/ways.js';
import type { Payload, Request } from '../mesh/request.js';
import { closestTo } from '../mesh/routes/owner/at-gateway.js';
import { meshOutcome, type Treatment, treatmentOfConnections } from '../proof/traffic/mesh-outcome.js';
import { type Gateway, keyOf } from '../topology/model.js';
import { groupBy } from '../util/order.js';
import type { Change, Place, State, Witness } from './change.js';
import { factsOfGatewayRoutes } from './facts.js';
import { type Entrance, entrancesOf, type GatewayIn, inWords } from './gateway-entrances.js';
import type { Pair } from './pair.js';
import { decidedThrough } from './requests.js';
import { changeOf, type RoutesFound, unchanged } from './route-change.js';
import { requestsToldApart, routedClasses } from './route-classes.js';

/** What becomes of what comes to gateways that both states have, where their routes differ, or all of Istio does. */
export function gatewayRouteChanges(pair: Pair, cluster: string, isAllOther: boolean): RoutesFound {
  const [was, is] = [pair.before, pair.after].map(({ mesh }) => mesh.clusters.get(cluster));
  const caller = pair.states.callersFor(cluster, nobody).after.classes.find(({ source }) => source.kind === 'outside');
  if (was === undefined || is === undefined || caller === undefined) return unchanged;
  const found = [...is.cluster.gateways.values()].flatMap((gateway) => {
    const before = was.cluster.gateways.get(keyOf(gateway));
    if (before === undefined) return [];
    const isSame = factsOfGatewayRoutes(was, before) === factsOfGatewayRoutes(is, gateway);
    return isSame && !isAllOther ? [] : [changesAt(pair, { was, is, before, gateway, caller })];
  });
  return { changes: found.flatMap(({ changes }) => changes), undecided: found.flatMap(({ undecided }) => undecided) };
}

/** A gateway, in the cluster as it was and as it is, and whoever calls it from outside. */
interface GatewayOfBoth {
  readonly was: MeshCluster;
  readonly is: MeshCluster;
  readonly before: Gateway;
  readonly gateway: Gateway;
  readonly caller: CallerClass;
}

function changesAt(pair: Pair, asked: GatewayOfBoth): RoutesFound {
  const { gateway } = asked;
  const place: Place = { kind: 'gateway', cluster: gateway.cluster, name: keyOf(gateway) };
  const answer = answerTo(() =>
    entrancesOf(sidesOf(pair, asked)).map((entrance) => changesFor(pair, asked, place, entrance)),
  );
  if (answer instanceof TooLarge) {
    const fact = 'what becomes of requests that routes of a gateway tell apart in too many ways to be compared';
    return { changes: [], undecided: [{ fact, isCrossing: false, places: [place] }] };
  }
  return {
    changes: distinct(answer.flatMap(({ changes }) => changes)),
    undecided: answer.flatMap(({ undecided }) => undecided).slice(0, 1),
  };
}

function sidesOf(pair: Pair, { was, is, before, gateway }: GatewayOfBoth): readonly GatewayIn[] {
  return [
    { mesh: pair.before.mesh, at: was, gateway: before },
    { mesh: pair.after.mesh, at: is, gateway },
  ];
}

function changesFor(pair: Pair, asked: GatewayOfBoth, place: Place, entrance: Entrance): RoutesFound {
  const { destination, host } = entrance;
  const payloads = host === undefined ? [{ kind: 'tcp' } as const] : samplesOf(pair, asked, destination, host);
  const found = payloads.map((payload) => {
    const [was, is] = [pair.before, pair.after].map((state) => treatedBy(state, destination, payload));
    if (was === undefined || is === undefined) return unchanged;
    return changeOf(pair, {
      place,
      callers: { names: [], isEveryone: true, isOfMany: false },
      requests: inWords(destination, payload),
      was,
      is,
      witness: () => decidedThrough(pair, { source: asked.caller.source, destination, payload }),
    });
  });
  return { changes: found.flatMap(({ changes }) => changes), undecided: found.flatMap(({ undecided }) => undecided) };
}

/** One request for a host of each class that the tables of either state tell apart. */
function samplesOf(pair: Pair, { was, is, caller }: GatewayOfBoth, destination: ToGateway, host: string) {
  const pointAt = routingPoints();
  const classesIn = ({ mesh }: State, at: MeshCluster) =>
    routedClasses(pointAt, at, waysOfHost(mesh, destination, host));
  return requestsToldApart(pair, { destination, payload: 'http' }, caller, {
    was: classesIn(pair.before, was),
    is: classesIn(pair.after, is),
    host,
    meant: (space) => where(space, 'request.host', ([each]) => each === host),
  }).map((payload) => ({ ...payload, host }));
}

function waysOfHost(mesh: Mesh, destination: ToGateway, host: string): readonly Way[] {
  const onward = allOnwardFrom(mesh)(destination);
  const sender = senderAt(mesh, destination);
  if (sender === undefined) return [];
  const named = onward === 'nothing' ? [] : onward.named;
  const names = named.map(({ name }) => name);
  const ways = named.find(({ name }) => name === closestTo(host, names))?.ways ?? [];
  return ways.length === 0 ? waysOnward(mesh, sender, [unanswered]) : ways;
}

/** `undefined` where the gateway itself is not known as a sender. */
function treatedBy({ mesh }: State, destination: ToGateway, payload: Payload): Treatment | undefined {
  const at = mesh.clusters.get(destination.cluster);
  const sender = senderAt(mesh, destination);
  if (at === undefined || sender === undefined) return undefined;
  const led = onwardFrom(mesh, destination, payload)?.ways ?? waysOnward(mesh, sender, [unanswered]);
  const ways = waysThrough(mesh, led, payload);
  return payload.kind === 'tcp'
    ? treatmentOfConnections(at, ways)
    : meshOutcome(mesh, at, ways, gatewayIn(destination));
}

function senderAt(mesh: Mesh, destination: ToGateway): Caller | undefined {
  const sender = callerOf(mesh, gatewayIn(destination));
  return sender.kind === 'caller' ? sender : undefined;
}

function gatewayIn({ cluster, gateway }: ToGateway): Request['source'] & { readonly kind: 'gateway' } {
  return { kind: 'gateway', cluster, gateway };
}

/** What one cause does to many requests alike is told once, of the first of them. */
function distinct(changes: readonly Change[]): readonly Change[] {
  const groups = groupBy(changes, ({ was, is, causes }) =>
    JSON.stringify([was, is, causes.map(({ what, side }) => [what, side])]),
  );
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

/** Without those that are told as access: the same request through the same gateway, refused in one state. */
export function withoutAccess(routed: readonly Change[], access: readonly Change[]): readonly Change[] {
  const told = new Set(
    access.flatMap(({ kind, witness }) => (isAboutAccess(kind) && witness ? [sentIn(witness)] : [])),
  );
  return routed.filter(
    ({ place, witness }) =>
      place.kind !== 'gateway' || !witness || isSameVerdict(witness) || !told.has(sentIn(witness)),
  );
}

function isAboutAccess(kind: Change['kind']): boolean {
  return kind === 'access-granted' || kind === 'access-revoked';
}

function isSameVerdict({ before, after }: Witness): boolean {
  return before.trace.verdict.kind === after.trace.verdict.kind;
}

function sentIn({ after: { request } }: Witness): string {
  const { destination, payload } = request;
  return destination.kind === 'gateway' ? JSON.stringify([{ ...destination, onward: undefined }, payload]) : '';
}
