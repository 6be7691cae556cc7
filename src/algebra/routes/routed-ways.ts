import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Admission } from '../../mesh/network-policies/admission.js';
import type { Caller } from '../../mesh/paths/caller.js';
import { type Hop, type NetworkStop, noPath, type Path, type Stop } from '../../mesh/paths/hops.js';
import { hostsNamed } from '../../mesh/paths/host-names.js';
import type { Leg } from '../../mesh/paths/legs.js';
import { endsAt, isRoutedWay, type Way as MeshWay, pathOfWay, waysOf } from '../../mesh/paths/ways.js';
import { type Destination, type Payload, type Source, usualHost } from '../../mesh/request.js';
import type { AppliedChanges } from '../../mesh/routes/follow/changes.js';
import { allNaming, type RoutedRequest } from '../../mesh/routes/follow/matching.js';
import { unknown } from '../../mesh/truth.js';
import type { Service } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import type { Test } from '../dimension.js';
import { stoppedInNetwork } from './network-stops.js';
import { afterChanges, asSent, isAsSent, keyOfRewritten, type Rewritten } from './rewritten.js';
import type { Choice, routingPoints } from './table-sets.js';

/** One of the ways to a workload among which proxies choose. */
export interface RoutedWay {
  /** Why there is no way on from the last of the hops, or none that the model knows. */
  readonly stop: Stop | undefined;
  readonly hops: ReadonlyArray<{ readonly hop: Hop; readonly rewritten: Rewritten | undefined }>;
  readonly choices: readonly Choice[];
  /** The name by which a gateway has them; absent where no gateway leads on. */
  readonly served?: ServedName;
  /** What requests have become when they come to the pod. */
  readonly arriving: Rewritten;
  /** What NetworkPolicies stop of it, where that is only told of. */
  readonly network?: NetworkStop;
  /** The NetworkPolicies that were asked whether they let the caller in. */
  readonly admissions?: readonly Admission[];
  /** What whoever plans wants to know of it: ways of which something else is told are not one. */
  readonly told?: string;
}

/** What is wanted to be known of a way, by whoever sends it. */
export type Tell = (way: MeshWay, source: Source) => string;

/** A name for which a gateway has rules, and what the Host of a request must be for no other to be closer to it. */
export interface ServedName {
  readonly name: string;
  readonly host: Test;
}

type ToService = Extract<Destination, { kind: 'service' }>;

/** The ways of all requests to a Service that lead to a workload; `undefined` where no proxy routes them. */
export function routedWays(
  mesh: Mesh,
  caller: Caller,
  destination: ToService,
  payload: Payload,
  pointAt: PointAt,
  tell?: (way: MeshWay) => string,
): readonly RoutedWay[] | undefined {
  const at = mesh.clusters.get(destination.cluster);
  const ways = waysOfAll(mesh, caller, destination, payload);
  if (at === undefined || !ways.some(isRoutedWay)) return undefined;
  const { workload } = destination;
  const onLane: OnLane = {
    pointAt,
    at,
    leads: (way) => endsAt(way, workload),
    isOf: (service) => service.workloads.includes(workload),
    pathOf: (way) => pathOfWay(mesh, way, workload, payload),
    ...(tell && { tell }),
  };
  const found = waysLeading(ways, onLane);
  return found.length === 0 ? [nowhere] : joined(found);
}

/** The ways of all requests or connections of a caller to a Service, wherever they lead. */
export function waysOfAll(mesh: Mesh, caller: Caller, destination: ToService, { kind }: Payload): readonly MeshWay[] {
  const at = mesh.clusters.get(destination.cluster);
  if (at === undefined || kind === 'tcp') return waysOf(mesh, caller, destination, undefined);
  const { pathNormalization } = at.cluster.settings.istio;
  return waysOf(mesh, caller, destination, allNaming(usualHost(destination), pathNormalization));
}

/** What is planned where no route leads to the pods of a lane. */
export const nowhere: RoutedWay = { stop: noPath('no route leads there'), hops: [], choices: [], arriving: asSent };

/** What it takes to tell which ways lead to the pods of a lane, and by what. */
export interface OnLane {
  readonly pointAt: PointAt;
  readonly at: MeshCluster;
  leads(way: MeshWay): boolean;
  /** Whether the pods are behind a Service. */
  isOf(service: Service): boolean;
  pathOf(way: MeshWay): Path;
  /** What stands before the first proxy that routes; absent where that is the caller's own. */
  readonly before?: readonly Hop[];
  tell?(way: MeshWay): string;
}

/** Of the ways that proxies may choose those that lead to the pods of a lane, or may. */
export function waysLeading(ways: readonly MeshWay[], onLane: OnLane): readonly RoutedWay[] {
  const leading = ways.filter(
    (way) => onLane.leads(way) || hiddenBehind(way, onLane) || isOpenFor(way, onLane) || isAnsweredInstead(way, onLane),
  );
  return leading.map((way) => ({ ...routedWay(way, onLane), ...(onLane.tell && { told: onLane.tell(way) }) }));
}

/** It is meant for the pods of a lane, and a proxy that is told of none of them answers: so it comes that way, and no further. */
function hiddenBehind({ end }: MeshWay, { isOf }: OnLane): Stop | undefined {
  return end.kind === 'answer' && end.hidden && isOf(end.hidden)
    ? { ...noPath(end.because), isOfWaypoint: true }
    : undefined;
}

/** What is answered in place of the pods matters to those alone who want to know more of ways than whether they pass. */
function isAnsweredInstead({ end, client, behind }: MeshWay, { at, isOf, tell }: OnLane): boolean {
  const { rule } = behind?.leg ?? client;
  if (tell === undefined || end.kind !== 'answer' || rule?.result.kind !== 'forward') return false;
  return rule.result.destinations.some(({ host }) =>
    hostsNamed(at, host).some(({ service }) => service !== undefined && isOf(service)),
  );
}

/** Of the copies of requests only those that may come to its pods are open for a workload. */
function isOpenFor({ end, copy }: MeshWay, { at, isOf }: OnLane): boolean {
  if (end.kind !== 'not-modelled') return false;
  return copy === undefined || hostsNamed(at, copy.host).some(({ service }) => service !== undefined && isOf(service));
}

type PointAt = ReturnType<typeof routingPoints>;

function routedWay(way: MeshWay, onLane: OnLane): RoutedWay {
  const path = onLane.pathOf(way);
  const choices = choicesOf(way, onLane);
  const afterApplied = appliedAt(onLane.at);
  const arriving = arrivingBy(way, onLane.at);
  if (path.kind !== 'path') return { stop: path, hops: hopsBefore(onLane), choices, arriving };
  let rewritten = asSent;
  const hops = path.hops.map((hop) => {
    rewritten = (hop.changes ?? []).reduce(afterApplied, rewritten);
    return { hop, rewritten: isAsSent(rewritten) ? undefined : rewritten };
  });
  const stop = hiddenBehind(way, onLane);
  if (stop !== undefined) return { stop, hops, choices, arriving };
  return { ...stoppedInNetwork(hops, path), choices, arriving };
}

/** What the proxies on a way have made of requests at its end. */
export function arrivingBy({ client, behind }: MeshWay, at: MeshCluster): Rewritten {
  return [...client.applied, ...(behind?.leg.applied ?? [])].reduce(appliedAt(at), asSent);
}

function hopsBefore({ before = [] }: OnLane): RoutedWay['hops'] {
  return before.map((hop) => ({ hop, rewritten: undefined }));
}

/** What must decide about a request for it to go a way. */
export function choicesOf(
  { client, behind }: MeshWay,
  { pointAt, at }: Pick<OnLane, 'pointAt' | 'at'>,
): readonly Choice[] {
  const second = behind?.leg;
  const afterApplied = appliedAt(at);
  return [
    ...choiceOf(client, asSent, pointAt),
    ...(second === undefined ? [] : choiceOf(second, client.applied.reduce(afterApplied, asSent), pointAt)),
  ];
}

function choiceOf({ choice }: Leg, arriving: Rewritten, pointAt: PointAt): readonly Choice[] {
  if (choice === undefined) return [];
  const { table, entry, sent } = choice;
  return [{ point: pointAt(table, withDoubts(arriving, sent)), entries: [entry] }];
}

/** What a proxy that routes does not know of requests there. */
function withDoubts(arriving: Rewritten, { pathDoubt, headerDoubts }: RoutedRequest): Rewritten {
  if (pathDoubt === undefined && headerDoubts.size === 0) return arriving;
  const headers = [...headerDoubts].map(([name, why]) => [name, unknown(why)] as const);
  const path = pathDoubt === undefined ? arriving.path : unknown(pathDoubt);
  return { ...arriving, path, headers: new Map([...arriving.headers, ...headers]) };
}

function appliedAt({ cluster }: MeshCluster): (before: Rewritten, applied: AppliedChanges) => Rewritten {
  return (before, applied) => afterChanges(before, applied, cluster.settings.istio.pathNormalization);
}

/** Ways that differ only in which entry of the last table leads there are one. */
export function joined(ways: readonly RoutedWay[]): readonly RoutedWay[] {
  return [...groupBy(ways, keyOf).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const last = first.choices[first.choices.length - 1];
    if (last === undefined) return [first];
    const entries = new Set(group.flatMap(({ choices }) => choices[choices.length - 1]?.entries ?? []));
    const chosen = entries.size > last.point.table.entries.length ? [] : [{ ...last, entries: [...entries] }];
    const admissions = group.flatMap((each) => each.admissions ?? []);
    return [
      { ...first, choices: [...first.choices.slice(0, -1), ...chosen], ...(admissions.length > 0 && { admissions }) },
    ];
  });
}

function keyOf({ stop, hops, choices, served, arriving, told = '', network }: RoutedWay): string {
  const seen = hops.map(({ hop, rewritten = asSent }) => `${hop.point.kind} ${hop.port} ${keyOfRewritten(rewritten)}`);
  const earlier = choices.slice(0, -1).flatMap(({ entries }) => entries);
  return [
    told,
    (network ?? stop)?.because ?? '',
    served?.name ?? '',
    keyOfRewritten(arriving),
    ...seen,
    ...earlier,
  ].join('\n');
}
