import { callerPool } from '../../algebra/caller-pool.js';
import type { CallerKind, Callers } from '../../algebra/callers.js';
import type { Lane } from '../../algebra/lane.js';
import { answerTo, TooLarge } from '../../algebra/limits.js';
import { isEmpty } from '../../algebra/request-set.js';
import { choicesOf } from '../../algebra/routes/routed-ways.js';
import { type Choice, routingPoints } from '../../algebra/routes/table-sets.js';
import { spaceMaker } from '../../algebra/space.js';
import { witnessOf } from '../../algebra/witness.js';
import type { Mesh } from '../../mesh/mesh.js';
import { type Way, waysFor, waysOf } from '../../mesh/paths/ways.js';
import { describeRequest, type Request, usualHost } from '../../mesh/request.js';
import { allNaming, asSent } from '../../mesh/routes/follow/matching.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { type CallerContext, letsThrough, routedCallers } from './callers.js';
import { type Classes, classesOf, type RequestClass } from './classes.js';
import { type IntendedEntry, intendedEntries } from './intended-entries.js';
import { type Asked, intendedOutcome } from './intended-outcome.js';
import { meshOutcome, type Treatment } from './mesh-outcome.js';
import { type Deviation, deviations } from './outcome.js';
import { pathChanges } from './rewrites.js';

/** What was compared of traffic settings, and what the mesh does otherwise. */
export interface TrafficProof {
  readonly services: number;
  /** How many classes of requests were compared. */
  readonly classes: number;
  readonly deviating: readonly Deviating[];
  readonly open: readonly OpenTraffic[];
}

/** Requests of which the mesh makes something else than is meant. */
export interface Deviating {
  readonly asked: Asked;
  readonly entry: IntendedEntry;
  /** One of them, in words. */
  readonly witness: string;
  readonly treatment: Treatment;
  readonly deviations: readonly Deviation[];
}

/** Requests of which it is not known what becomes of them. */
export interface OpenTraffic {
  readonly asked: Asked;
  readonly fact: string;
}

/** Compares what intents say of traffic with what proxies do, for every request and every kind of caller. */
export function proveTraffic(mesh: Mesh, all: readonly ResolvedTraffic[]): TrafficProof {
  if (all.length === 0) return { services: 0, classes: 0, deviating: [], open: [] };
  const context: CallerContext = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(mesh) };
  const asked = all.filter(({ routes }) => routes.length > 0).flatMap((traffic) => askedBy(mesh, traffic));
  const proofs = asked.map((each) => proveAsked(context, each));
  return {
    services: new Set(asked.map(({ service }) => service)).size,
    classes: proofs.reduce((sum, { classes }) => sum + classes, 0),
    deviating: proofs.flatMap(({ deviating }) => deviating),
    open: proofs.flatMap(({ open }) => open),
  };
}

/** Each port of each Service on which proxies may read requests. */
function askedBy({ clusters }: Mesh, traffic: ResolvedTraffic): readonly Asked[] {
  return traffic.destinations.flatMap((destination) => {
    const at = clusters.get(destination.cluster);
    const service = at?.cluster.services.get(keyOf(destination));
    if (at === undefined || service === undefined) return [];
    const read = service.ports.filter(({ layer, transport }) => layer !== 'tcp' && transport === 'TCP');
    return read.map((port): Asked => ({ traffic, destination, at, service, port }));
  });
}

type AskedProof = Pick<TrafficProof, 'classes' | 'deviating' | 'open'>;

function proveAsked(context: CallerContext, asked: Asked): AskedProof {
  const lane = laneTo(asked, asked.service.workloads[0] ?? '');
  const { all, kinds } = routedCallers(context, lane);
  const proofs = kinds.map((kind) => {
    const proof = answerTo(() => proveKind(context, asked, lane, all, kind));
    const fact = 'what becomes of requests that routes tell apart in too many ways to be compared';
    return proof instanceof TooLarge ? { classes: 0, deviating: [], open: [{ asked, fact }] } : proof;
  });
  return {
    classes: proofs.reduce((sum, { classes }) => sum + classes, 0),
    deviating: proofs.flatMap(({ deviating }) => deviating),
    open: proofs.flatMap(({ open }) => open),
  };
}

interface ToPort extends Lane {
  readonly destination: Extract<Lane['destination'], { kind: 'service' }>;
}

function laneTo({ destination: { cluster }, service, port }: Asked, workload: string): ToPort {
  return {
    destination: { kind: 'service', cluster, service: keyOf(service), port: port.number, workload },
    payload: 'http',
  };
}

function proveKind(context: CallerContext, asked: Asked, lane: ToPort, all: Callers, kind: CallerKind): AskedProof {
  const { mesh, makeSpace } = context;
  const { at, service, port } = asked;
  const { caller } = kind.representative;
  const sent = allNaming(usualHost(lane.destination), at.cluster.settings.istio.pathNormalization);
  const ways = waysOf(mesh, caller, lane.destination, sent);
  // What a gateway sends past the waypoint follows its own routes alone.
  const isPast = caller.speaks === 'gateway' && ways.every(({ behind }) => behind === undefined);
  if (ways.length === 0 || isPast) return nothing;
  const entries = intendedEntries(asked.traffic, port);
  const legs = ways.flatMap(({ client, behind }) => [client, ...(behind === undefined ? [] : [behind.leg])]);
  const scene = { mesh, at, lane, addressed: { service, port }, makeSpace, all, kind };
  const classes = classesOf(scene, entries, choicesIn(asked, ways), pathChanges(entries, legs));
  const judge = judgeOf(mesh, asked, lane, classes, kind);
  const judged = classes.decided.map(judge);
  const found: AskedProof = {
    classes: classes.decided.length,
    deviating: judged.flatMap(({ deviating }) => deviating),
    open: [...judged, ...(isEmpty(classes.open) ? [] : [openOf(asked, entries, judge, classes)])].flatMap(
      ({ open }) => open,
    ),
  };
  const isClean = found.deviating.length + found.open.length === 0;
  return isClean || mayCall(context, asked, ways, kind) ? found : { ...found, deviating: [], open: [] };
}

const nothing: AskedProof = { classes: 0, deviating: [], open: [] };

/** The choices by which requests are told apart, each once. */
function choicesIn({ at }: Asked, ways: readonly Way[]): ReadonlyArray<readonly Choice[]> {
  const pointAt = routingPoints();
  const all = ways.map((way) => choicesOf(way, { pointAt, at }));
  const groups = groupBy(all, (choices) => choices.map(({ entries }) => entries.join()).join(' '));
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

type Judged = Pick<AskedProof, 'deviating' | 'open'>;
type Judge = (requests: RequestClass) => Judged;

function judgeOf(mesh: Mesh, asked: Asked, lane: ToPort, { space }: Classes, { representative }: CallerKind): Judge {
  const { caller, source } = representative;
  const { at } = asked;
  return ({ entry, requests }) => {
    const payload = witnessOf(space, lane, requests)?.payload;
    if (payload?.kind !== 'http') return nothing;
    const witness = inWords({ source, destination: lane.destination, payload });
    const treatment = meshOutcome(mesh, at, waysFor(mesh, caller, lane.destination, payload), source);
    if (treatment.doubt !== undefined) return { deviating: [], open: [{ asked, fact: treatment.doubt }] };
    const sent = asSent(payload, at.cluster.settings.istio.pathNormalization);
    const all = deviations(intendedOutcome(asked, entry, sent), treatment.outcome);
    const known = all.filter(({ found }) => found.known);
    return {
      deviating: known.length === 0 ? [] : [{ asked, entry, witness, treatment, deviations: known }],
      open: all.flatMap(({ found }) => (found.known ? [] : [{ asked, fact: found.why }])),
    };
  };
}

/** With the headers by which it is told from others. */
function inWords(request: Request): string {
  const headers = request.payload.kind === 'http' ? Object.entries(request.payload.headers) : [];
  const carried = headers.map(([name, value]) =>
    value === '' ? `an empty header ${name}` : `header ${name}: ${value}`,
  );
  return `${describeRequest(request)}${carried.length === 0 ? '' : `, with ${carried.join(' and ')}`}`;
}

/** Why it is not known of some requests which of the entries are for them. */
function openOf(asked: Asked, entries: readonly IntendedEntry[], judge: Judge, { open }: Classes): Judged {
  const matchers = entries.flatMap(({ tests }) => tests.flatMap(({ anyOf, noneOf }) => [...anyOf, ...noneOf]));
  const [meant] = matchers.flatMap((matcher) => (matcher.kind === 'not-modelled' ? [matcher.why] : []));
  const [found] = entries.slice(0, 1).flatMap((entry) => judge({ entry, requests: open }).open);
  const fact = meant ?? found?.fact ?? 'which requests its rules are for';
  return { deviating: [], open: [{ asked, fact }] };
}

/** Whether policies let somebody of a kind through to any pods to which routes lead; what is only answered needs none. */
function mayCall(context: CallerContext, asked: Asked, ways: readonly Way[], kind: CallerKind): boolean {
  const pods = new Set(ways.flatMap(({ end }) => (end.kind === 'pods' ? end.workloads : [])));
  return pods.size === 0 || [...pods].some((workload) => letsThrough(context, laneTo(asked, workload), kind));
}
