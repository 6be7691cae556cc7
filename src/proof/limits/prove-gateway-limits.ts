import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Origin } from '../../resolve/resolved.js';
import type { ResolvedGatewayLimits, ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import type { Gateway, Listener } from '../../topology/model.js';
import { groupBy, sortedNumbers } from '../../util/order.js';
import { listenersOf } from '../traffic/at-gateways.js';
import { type CountedPlace, countedAt, countedByOwn, type Unasked } from './counted.js';
import { meantInWords } from './meant-limits.js';

/** What was compared of the limits at gateways. */
export interface GatewayLimitProof {
  readonly gateways: readonly Gateway[];
  readonly deviating: readonly DeviatingGatewayLimits[];
  /** Rate limit services that do not answer the gateway. */
  readonly unasked: ReadonlyArray<Unasked & { readonly origin: Origin; readonly gateway: Gateway }>;
  readonly open: ReadonlyArray<{ readonly origin: Origin; readonly gateway: Gateway; readonly fact: string }>;
}

export interface DeviatingGatewayLimits {
  readonly origin: Origin;
  readonly gateway: Gateway;
  readonly meant: readonly string[];
  readonly found: readonly string[];
}

/** Compares what settings say of gateways with what is counted at each of their listeners for requests. */
export function proveGatewayLimits(mesh: Mesh, all: readonly ResolvedGatewayLimits[]): GatewayLimitProof {
  const [any] = all;
  if (any === undefined) return { gateways: [], ...nothing };
  const asked = all.flatMap((settings) => askedBy(mesh, settings));
  const places = [...groupBy(asked, keyOfPlace).values()];
  const covered = new Set(asked.map(keyOfPlace));
  const others = placesIn(mesh).filter((place) => !covered.has(keyOfPlace(place)));
  const judged = [...places.map((each) => judge(mesh, each)), ...others.map((place) => strays(place, any.origin))];
  return {
    gateways: [...new Set(asked.map(({ gateway }) => gateway))],
    deviating: judged.flatMap(({ deviating }) => deviating),
    unasked: judged.flatMap(({ unasked }) => unasked),
    open: judged.flatMap(({ open }) => open),
  };
}

interface Place {
  readonly at: MeshCluster;
  readonly gateway: Gateway;
  readonly port: number;
}

interface Asked extends Place {
  readonly origin: Origin;
  readonly limits: readonly ResolvedRateLimit[];
}

type Judged = Omit<GatewayLimitProof, 'gateways'>;

function readsRequests({ reads, standing }: Listener): boolean {
  return reads === 'requests' && standing.kind !== 'left-out';
}

/** Each port of the pods that serve a Gateway which settings name. */
function askedBy({ clusters }: Mesh, { origin, gateways, limits }: ResolvedGatewayLimits): readonly Asked[] {
  return gateways.flatMap((object) => {
    const at = clusters.get(object.cluster);
    const listeners = at ? listenersOf(at, object, readsRequests) : [];
    const byGateway = groupBy(listeners, ({ gateway }) => gateway);
    return [...byGateway].flatMap(([gateway, served]) =>
      portsOf(served.map(({ listener }) => listener)).map((port) => ({
        at: at as MeshCluster,
        gateway,
        port,
        origin,
        limits,
      })),
    );
  });
}

function placesIn({ clusters }: Mesh): readonly Place[] {
  return [...clusters.values()].flatMap((at) =>
    [...at.cluster.gateways.values()].flatMap((gateway) =>
      portsOf(gateway.listeners.filter(readsRequests)).map((port) => ({ at, gateway, port })),
    ),
  );
}

function portsOf(listeners: readonly Listener[]): readonly number[] {
  return sortedNumbers(listeners.map(({ podPort }) => podPort));
}

function keyOfPlace({ at, gateway, port }: Place): string {
  return JSON.stringify([at.cluster.name, gateway.namespace, gateway.name, port]);
}

function countedPlace({ at, gateway, port }: Place): CountedPlace {
  return { at, point: { kind: 'gateway', gateway }, chain: { listener: port } };
}

/** Settings that share a port are counted there together. */
function judge(mesh: Mesh, asked: readonly Asked[]): Judged {
  const [first] = asked;
  if (first === undefined) return nothing;
  const { origin, gateway } = first;
  const { found, unasked, open } = countedAt(mesh, countedPlace(first));
  const [fact] = open;
  if (fact !== undefined) return { ...nothing, open: [{ origin, gateway, fact }] };
  const meant = asked.flatMap(({ limits }) => limits.map(meantInWords)).sort();
  const isSame = meant.join('\n') === found.join('\n');
  return {
    deviating: isSame ? [] : [{ origin, gateway, meant, found }],
    unasked: unasked.map((each) => ({ ...each, origin, gateway })),
    open: [],
  };
}

const nothing: Judged = { deviating: [], unasked: [], open: [] };

/** Filters of Ambit’s at a port for which none was meant. */
function strays(place: Place, origin: Origin): Judged {
  const found = countedByOwn(countedPlace(place));
  if (found.length === 0) return nothing;
  return { ...nothing, deviating: [{ origin, gateway: place.gateway, meant: [], found }] };
}
