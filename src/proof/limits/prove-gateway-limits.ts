import { type LimitsAt, limitsAt } from '../../mesh/limits/limits-at.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { isManaged } from '../../parse/document.js';
import type { Origin } from '../../resolve/resolved.js';
import type { ResolvedGatewayLimits, ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import type { Gateway, Listener } from '../../topology/model.js';
import { groupBy, sortedNumbers } from '../../util/order.js';
import { listenersOf } from '../traffic/at-gateways.js';
import { limitInWords, meantLimit } from './meant-limits.js';

/** What was compared of the limits at gateways. */
export interface GatewayLimitProof {
  readonly gateways: readonly Gateway[];
  readonly deviating: readonly DeviatingGatewayLimits[];
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
  if (any === undefined) return { gateways: [], deviating: [], open: [] };
  const asked = all.flatMap((settings) => askedBy(mesh, settings));
  const places = [...groupBy(asked, keyOfPlace).values()];
  const covered = new Set(asked.map(keyOfPlace));
  const others = placesIn(mesh).filter((place) => !covered.has(keyOfPlace(place)));
  const judged = [...places.map(judge), ...others.map((place) => strays(place, any.origin))];
  return {
    gateways: [...new Set(asked.map(({ gateway }) => gateway))],
    deviating: judged.flatMap(({ deviating }) => deviating),
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

type Judged = Pick<GatewayLimitProof, 'deviating' | 'open'>;

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

function countedAt({ at, gateway, port }: Place): LimitsAt {
  return limitsAt({ kind: 'gateway', gateway }, { listener: port }, at);
}

/** Settings that share a port are counted there together. */
function judge(asked: readonly Asked[]): Judged {
  const [first] = asked;
  if (first === undefined) return { deviating: [], open: [] };
  const { origin, gateway } = first;
  const { patches, unread } = countedAt(first);
  const [filter] = unread;
  if (filter !== undefined) {
    const fact = `what ${filter.kind} ${filter.namespace ?? 'default'}/${filter.name} changes`;
    return { deviating: [], open: [{ origin, gateway, fact }] };
  }
  const meant = asked.flatMap(({ limits }) => limits.map((limit) => limitInWords(meantLimit(limit)))).sort();
  const found = patches.map(({ limit }) => limitInWords(limit)).sort();
  const isSame = meant.join('\n') === found.join('\n');
  return { deviating: isSame ? [] : [{ origin, gateway, meant, found }], open: [] };
}

/** Filters of Ambit’s at a port for which none was meant. */
function strays(place: Place, origin: Origin): Judged {
  const own = countedAt(place).patches.filter(({ object }) => isManaged(object));
  const found = own.map(({ limit }) => limitInWords(limit)).sort();
  return { deviating: found.length === 0 ? [] : [{ origin, gateway: place.gateway, meant: [], found }], open: [] };
}
