import { type CallerClass, travelKey } from '../algebra/callers.js';
import { where } from '../algebra/conditions.js';
import { dependsOnNamespace, type Lane } from '../algebra/lane.js';
import { answerTo, TooLarge } from '../algebra/limits.js';
import { nobody } from '../algebra/mentions.js';
import { withTlsNamespaces } from '../algebra/planner.js';
import { fullSet, type RequestSet } from '../algebra/request-set.js';
import { routingPoints } from '../algebra/routes/table-sets.js';
import type { Space } from '../algebra/space.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { callerOf } from '../mesh/paths/caller.js';
import { hostChoice } from '../mesh/paths/host-choice.js';
import { type Way, waysFor, waysOf } from '../mesh/paths/ways.js';
import { describeSource, type Payload, type Request, type Source, usualHost } from '../mesh/request.js';
import { allNaming } from '../mesh/routes/follow/matching.js';
import { meshOutcome, treatmentOfConnections } from '../proof/traffic/mesh-outcome.js';
import { textOfBinding } from '../topology/binding.js';
import { keyOf, type Service, type ServicePort } from '../topology/model.js';
import { groupBy, sortBy } from '../util/order.js';
import type { CallersInWords, Change, Place, Witness } from './change.js';
import { routesFor } from './facts.js';
import type { Pair } from './pair.js';
import { decided, joinedCallers } from './requests.js';
import { changeOf, type RoutesFound, unchanged } from './route-change.js';
import { requestsToldApart, routedClasses } from './route-classes.js';

/** What becomes of requests to a Service where the routes and rules for it differ, or who is told of it, or all of Istio does. */
export function routeChanges(pair: Pair, cluster: string, isAllOther: boolean): RoutesFound {
  const [was, is] = [pair.before, pair.after].map(({ mesh }) => mesh.clusters.get(cluster));
  if (was === undefined || is === undefined) return unchanged;
  const found = [...is.cluster.services.values()].flatMap((service) => {
    const before = was.cluster.services.get(keyOf(service));
    if (before === undefined || service.workloads.length === 0 || before.workloads.length === 0) return [];
    const [earlier, later] = [routesFor(pair.before.mesh, before.host), routesFor(pair.after.mesh, service.host)];
    const isRouted = earlier.length + later.length > 0;
    const isAlike =
      earlier.join() === later.join() &&
      before.exportTo?.join() === service.exportTo?.join() &&
      isBoundAlike(before, service);
    if (!isRouted || (!isAllOther && isAlike)) return [];
    return service.ports
      .filter(({ transport }) => transport === 'TCP')
      .map((port) => changesAt(pair, { was, is, before, service, port }));
  });
  return { changes: found.flatMap((each) => each.changes), undecided: found.flatMap((each) => each.undecided) };
}

/** Where requests come by a waypoint, it reads the routes. */
function isBoundAlike(before: Service, after: Service): boolean {
  return (
    textOfBinding(before.binding) === textOfBinding(after.binding) &&
    before.ingressUsesWaypoint === after.ingressUsesWaypoint
  );
}

/** A port of a Service, in the cluster as it was and as it is. */
interface PortOfBoth {
  readonly was: MeshCluster;
  readonly is: MeshCluster;
  readonly before: Service;
  readonly service: Service;
  readonly port: ServicePort;
}

function changesAt(pair: Pair, asked: PortOfBoth): RoutesFound {
  const { is, service } = asked;
  const place: Place = { kind: 'service', cluster: is.cluster.name, name: keyOf(service) };
  const answer = answerTo(() => callersOf(pair, asked).map((caller) => changesFor(pair, asked, place, caller)));
  if (answer instanceof TooLarge) {
    const fact = 'what becomes of requests that routes tell apart in too many ways to be compared';
    return { changes: [], undecided: [{ fact, isCrossing: false, places: [place] }] };
  }
  return {
    changes: distinct(answer.flatMap(({ changes }) => changes)),
    undecided: answer.flatMap(({ undecided }) => undecided).slice(0, 1),
  };
}

/** One caller of each kind that routes tell apart, as it was and as it is. */
interface CallerOfBoth {
  /** Whether callers of other namespaces may be treated otherwise. */
  readonly isOfNamespace: boolean;
  readonly before: CallerClass;
  readonly after: CallerClass;
}

function callersOf({ states }: Pair, asked: PortOfBoth): readonly CallerOfBoth[] {
  const { cluster } = asked.is;
  const lane = laneTo(asked);
  const meshes = [states.before.mesh, states.after.mesh];
  const mentions = meshes.reduce((left, mesh) => withTlsNamespaces(mesh, lane, left), nobody);
  const { before, after } = states.callersFor(cluster.name, mentions);
  const byNamespace = meshes.some((mesh) => dependsOnNamespace(mesh, lane));
  const kinds = byNamespace ? after.kindsByNamespace : after.kinds;
  return kinds.flatMap(({ representative }) => {
    const index = after.classes.indexOf(representative);
    const twin = before.classes[index];
    const isInside = [representative, twin].every(
      (each) => each?.caller.cluster === cluster.name && each.caller.speaks !== 'plaintext',
    );
    return twin !== undefined && isInside ? [{ isOfNamespace: byNamespace, before: twin, after: representative }] : [];
  });
}

function laneTo({ is, service, port }: PortOfBoth): Lane & { readonly destination: ToService } {
  return {
    destination: {
      kind: 'service',
      cluster: is.cluster.name,
      service: keyOf(service),
      port: port.number,
      workload: service.workloads[0] ?? '',
    },
    payload: port.layer === 'tcp' ? 'tcp' : 'http',
  };
}

type ToService = Extract<Lane['destination'], { kind: 'service' }>;

function changesFor(pair: Pair, asked: PortOfBoth, place: Place, caller: CallerOfBoth): RoutesFound {
  const lane = laneTo(asked);
  const payloads = lane.payload === 'tcp' ? [{ kind: 'tcp' } as const] : samplesOf(pair, asked, lane, caller);
  const found = payloads.map((payload) => {
    const [was, is] = sidesOf(pair, asked, caller).map(({ mesh, at, sender }) => {
      const ways = waysFor(mesh, sender.caller, lane.destination, payload);
      const treatment =
        payload.kind === 'tcp' ? treatmentOfConnections(at, ways) : meshOutcome(mesh, at, ways, sender.source);
      const destination = { ...lane.destination, workload: podsOf(ways) ?? lane.destination.workload };
      return { ...treatment, request: { source: sender.source, destination, payload } };
    });
    if (was === undefined || is === undefined) return unchanged;
    const witness = () => shownOf(pair, caller, was.request, is.request);
    return changeOf(pair, {
      place,
      callers: callersOfKind(caller),
      requests: sampleInWords(payload),
      was,
      is,
      witness,
    });
  });
  return { changes: found.flatMap(({ changes }) => changes), undecided: found.flatMap(({ undecided }) => undecided) };
}

/** How many callers are asked at most: meshes may have thousands. */
const mostAsked = 100;

/** The request as a caller of that kind sends it whom policies let through in one of the states, where one is found. */
function shownOf(pair: Pair, caller: CallerOfBoth, before: Request, after: Request): Witness {
  const first = decided(pair, before, after);
  if (isLetThrough(first)) return first;
  for (const source of sendersLike(pair, caller).slice(0, mostAsked)) {
    const other = decided(pair, { ...before, source }, { ...after, source });
    if (isLetThrough(other)) return other;
  }
  return first;
}

function isLetThrough({ before, after }: Witness): boolean {
  return [before, after].some(({ trace }) => trace.verdict.kind === 'allowed');
}

/** The workloads of both states that take the same paths in each. */
function sendersLike({ before, after }: Pair, caller: CallerOfBoth): readonly Source[] {
  const { cluster = '', namespace, gateway } = caller.after.caller;
  if (gateway !== undefined) return [];
  const workloads = [...(after.mesh.clusters.get(cluster)?.cluster.workloads.values() ?? [])];
  const isLike = (source: Source, mesh: Mesh, kind: CallerClass) => {
    const found = callerOf(mesh, source);
    return found.kind === 'caller' && travelKey(found) === travelKey(kind.caller);
  };
  return workloads
    .filter((workload) => !caller.isOfNamespace || workload.namespace === namespace)
    .map((workload): Source => ({ kind: 'workload', cluster, workload: keyOf(workload) }))
    .filter((source) => isLike(source, after.mesh, caller.after) && isLike(source, before.mesh, caller.before));
}

function podsOf(ways: readonly Way[]): string | undefined {
  const [first] = sortBy(
    ways.filter(({ copy }) => copy === undefined),
    ({ share }) => -share,
  );
  return first?.end.kind === 'pods' ? first.end.workloads[0] : undefined;
}

function sidesOf({ before, after }: Pair, { was, is }: PortOfBoth, caller: CallerOfBoth) {
  return [
    { mesh: before.mesh, at: was, sender: caller.before },
    { mesh: after.mesh, at: is, sender: caller.after },
  ];
}

function samplesOf(pair: Pair, asked: PortOfBoth, lane: ReturnType<typeof laneTo>, caller: CallerOfBoth) {
  const pointAt = routingPoints();
  const [was = [], is = []] = sidesOf(pair, asked, caller).map(({ mesh, at, sender }) => {
    const sent = allNaming(usualHost(lane.destination), at.cluster.settings.istio.pathNormalization);
    return routedClasses(pointAt, at, waysOf(mesh, sender.caller, lane.destination, sent));
  });
  const meant = (space: Space) => meantHosts(asked, caller, space);
  return requestsToldApart(pair, lane, caller.after, { was, is, meant });
}

/** What names another host is no request to the Service where the sidecar of its caller goes by that (T-92). */
function meantHosts({ is, service, port }: PortOfBoth, { after: { caller } }: CallerOfBoth, space: Space): RequestSet {
  const goesByHost = caller.speaks === 'sidecar' && port.layer === 'http';
  if (!goesByHost || !space.positions.has('request.host')) return fullSet(space.shape);
  return where(
    space,
    'request.host',
    ([host = '']) => hostChoice(is, caller, { service, port }, host) === 'the Service',
  );
}

function sampleInWords(payload: Payload): string {
  return payload.kind === 'http' ? `${payload.method} ${payload.path}` : 'connections';
}

function callersOfKind(caller: CallerOfBoth): CallersInWords {
  return { names: [kindInWords(caller)], isEveryone: false, isOfMany: false };
}

/** Callers that routes do not tell apart. */
function kindInWords({ isOfNamespace, after: { caller, source } }: CallerOfBoth): string {
  const { gateway, speaks, sendsByRevision, namespace } = caller;
  if (gateway !== undefined) return `gateway ${keyOf(gateway)}`;
  if (speaks === 'gateway') return `gateway ${describeSource(source)}`;
  const kind = speaks === 'ambient' ? 'ambient callers' : 'callers with a sidecar';
  const ofRevision = sendsByRevision === undefined ? kind : `${kind} of revision ${sendsByRevision}`;
  return isOfNamespace ? `${ofRevision} in namespace ${namespace}` : ofRevision;
}

/** Callers of whose requests the same becomes are told together. */
function distinct(changes: readonly Change[]): readonly Change[] {
  return [...groupBy(changes, ({ requests, was, is }) => JSON.stringify([requests, was, is])).values()].flatMap(
    (group) => {
      const [first] = group;
      return first === undefined
        ? []
        : [{ ...first, callers: joinedCallers(group.flatMap(({ callers }) => callers ?? [])) }];
    },
  );
}
