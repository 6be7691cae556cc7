import { type CallerClass, callersAmong } from '../algebra/callers.js';
import { where } from '../algebra/conditions.js';
import { mergeConstants } from '../algebra/constants.js';
import { dependsOnNamespace, type Lane, withHostNames } from '../algebra/lane.js';
import { answerTo, TooLarge } from '../algebra/limits.js';
import { nobody } from '../algebra/mentions.js';
import { withTlsNamespaces } from '../algebra/planner.js';
import { emptySet, fullSet, intersect, isEmpty, type RequestSet, union } from '../algebra/request-set.js';
import { choicesOf } from '../algebra/routes/routed-ways.js';
import { type Choice, constantsOfPoint, routingPoints, tableSets } from '../algebra/routes/table-sets.js';
import type { Space } from '../algebra/space.js';
import { witnessOf } from '../algebra/witness.js';
import type { MeshCluster } from '../mesh/mesh.js';
import { hostChoice } from '../mesh/paths/host-choice.js';
import { type Way, waysFor, waysOf } from '../mesh/paths/ways.js';
import { type HttpRequest, type Request, usualHost } from '../mesh/request.js';
import { allNaming } from '../mesh/routes/follow/matching.js';
import { meshOutcome, type Treatment, treatmentOfConnections } from '../proof/traffic/mesh-outcome.js';
import { keyOf, type Service, type ServicePort } from '../topology/model.js';
import { groupBy, sortBy } from '../util/order.js';
import { causesOfRoute } from './causes.js';
import type { Change, Place, Side, Undecided } from './change.js';
import { routesFor } from './facts.js';
import type { Pair } from './pair.js';
import { decided, joinedCallers } from './requests.js';

export interface RoutesFound {
  readonly changes: readonly Change[];
  readonly undecided: readonly Undecided[];
}

/** What becomes of requests to a Service where the routes and rules for it differ, or all of Istio does. */
export function routeChanges(pair: Pair, cluster: string, isAllOther: boolean): RoutesFound {
  const [was, is] = [pair.before, pair.after].map(({ mesh }) => mesh.clusters.get(cluster));
  if (was === undefined || is === undefined) return { changes: [], undecided: [] };
  const found = [...is.cluster.services.values()].flatMap((service) => {
    const before = was.cluster.services.get(keyOf(service));
    if (before === undefined || service.workloads.length === 0 || before.workloads.length === 0) return [];
    const [earlier, later] = [routesFor(pair.before.mesh, before.host), routesFor(pair.after.mesh, service.host)];
    const isRouted = earlier.length + later.length > 0;
    if (!isRouted || (!isAllOther && earlier.join() === later.join())) return [];
    return service.ports
      .filter(({ transport }) => transport === 'TCP')
      .map((port) => changesAt(pair, { was, is, before, service, port }));
  });
  return { changes: found.flatMap((each) => each.changes), undecided: found.flatMap((each) => each.undecided) };
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

/** What becomes of a request on one side, and the request as it comes to the pods that most likely get it. */
interface Treated extends Treatment {
  readonly request: Request;
}

function changesFor(pair: Pair, asked: PortOfBoth, place: Place, caller: CallerOfBoth): RoutesFound {
  const lane = laneTo(asked);
  const payloads = lane.payload === 'tcp' ? [{ kind: 'tcp' } as const] : samplesOf(pair, asked, lane, caller);
  const found = payloads.map((payload) => {
    const [was, is] = sidesOf(pair, asked, caller).map(({ mesh, at, sender }): Treated => {
      const ways = waysFor(mesh, sender.caller, lane.destination, payload);
      const treatment =
        payload.kind === 'tcp' ? treatmentOfConnections(at, ways) : meshOutcome(mesh, at, ways, sender.source);
      const destination = { ...lane.destination, workload: podsOf(ways) ?? lane.destination.workload };
      return { ...treatment, request: { source: sender.source, destination, payload } };
    });
    return was && is ? changeOf(pair, place, caller, was, is) : { changes: [], undecided: [] };
  });
  return { changes: found.flatMap(({ changes }) => changes), undecided: found.flatMap(({ undecided }) => undecided) };
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

/** One request of each class that the tables of either state tell apart. */
function samplesOf(pair: Pair, asked: PortOfBoth, lane: ReturnType<typeof laneTo>, caller: CallerOfBoth) {
  const pointAt = routingPoints();
  const [was = [], is = []] = sidesOf(pair, asked, caller).map(({ mesh, at, sender }) => {
    const sent = allNaming(usualHost(lane.destination), at.cluster.settings.istio.pathNormalization);
    return groupsOf(waysOf(mesh, sender.caller, lane.destination, sent), (way) => choicesIn(way, pointAt, at));
  });
  const points = [...new Set([...was, ...is].flatMap((choices) => choices.map(({ point }) => point)))];
  const callers = callersAmong([caller.after]);
  const constants = mergeConstants(points.map(constantsOfPoint));
  const [kind] = callers.kinds;
  const ways = kind === undefined ? [] : [{ ...kind, stop: undefined, gates: [] }];
  const named = withHostNames(pair.after.mesh, { lane, ways }, constants);
  const space = pair.states.makeSpace(callers, named);
  const meant = meantHosts(asked, caller, space);
  return was.flatMap((left) =>
    is.flatMap((right): readonly HttpRequest[] => {
      const set = intersect(meant, chosenBy(space, left), chosenBy(space, right));
      const payload = isEmpty(set) ? undefined : witnessOf(space, lane, set)?.payload;
      return payload?.kind === 'http' ? [payload] : [];
    }),
  );
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

function groupsOf(ways: readonly Way[], choicesOfWay: (way: Way) => readonly Choice[]) {
  const groups = groupBy(ways.map(choicesOfWay), (choices) => choices.map(({ entries }) => entries.join()).join(' '));
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

function choicesIn(way: Way, pointAt: ReturnType<typeof routingPoints>, at: MeshCluster): readonly Choice[] {
  const { onward } = way.through ?? {};
  return [...choicesOf(way, { pointAt, at }), ...(onward === undefined ? [] : choicesIn(onward.way, pointAt, at))];
}

/** The requests that surely come by some entries of the tables. */
function chosenBy(space: Space, choices: readonly Choice[]): RequestSet {
  return choices.reduce((set, { point, entries }) => {
    const sets = tableSets(space)(point).surely;
    return intersect(set, union(emptySet(space.shape), ...entries.flatMap((entry) => sets[entry] ?? [])));
  }, fullSet(space.shape));
}

/** What becomes of a request otherwise, aspect by aspect; where it goes elsewhere nothing else is told. */
function changeOf(pair: Pair, place: Place, caller: CallerOfBoth, was: Treated, is: Treated): RoutesFound {
  const { payload } = is.request;
  const doubt = is.doubt ?? was.doubt;
  if (doubt !== undefined) {
    const undecided = { fact: doubt, isCrossing: false, places: [place] };
    return { changes: [], undecided: [undecided] };
  }
  const aspects = [...new Set([...was.outcome.keys(), ...is.outcome.keys()])];
  const words = ({ outcome }: Treatment, aspect: (typeof aspects)[number]) => {
    const found = outcome.get(aspect);
    return found === undefined ? 'none' : found.known ? found.value : `not known: ${found.why}`;
  };
  const other = aspects.filter((aspect) => words(was, aspect) !== words(is, aspect));
  if (other.length === 0) return { changes: [], undecided: [] };
  const told = other.includes('destination') ? (['destination'] as const) : other;
  const inWords = (treatment: Treatment) => told.map((aspect) => `${aspect} ${words(treatment, aspect)}`).join(', ');
  const witness = decided(pair, was.request, is.request);
  const rules: ReadonlyArray<readonly [Side, Treatment['rule']]> = [
    ['after', is.rule],
    ['before', was.rule],
  ];
  return {
    changes: [
      {
        kind: 'routed-anew',
        cluster: place.cluster,
        place,
        callers: { names: [kindInWords(caller)], isEveryone: false, isOfMany: false },
        requests: payload.kind === 'http' ? `${payload.method} ${payload.path}` : 'connections',
        was: inWords(was),
        is: inWords(is),
        witness,
        causes: causesOfRoute(pair, place, witness, rules),
        others: [],
      },
    ],
    undecided: [],
  };
}

/** Callers that routes do not tell apart. */
function kindInWords({ isOfNamespace, after: { caller } }: CallerOfBoth): string {
  if (caller.gateway !== undefined) return `gateway ${keyOf(caller.gateway)}`;
  const kind = caller.speaks === 'ambient' ? 'ambient callers' : 'callers with a sidecar';
  return isOfNamespace ? `${kind} in namespace ${caller.namespace}` : kind;
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
