import type { Mesh } from '../mesh/mesh.js';
import type { Request, Source } from '../mesh/request.js';
import { type Gateway, keyOf, type Listener } from '../topology/model.js';
import { groupBy } from '../util/order.js';
import { causeIn } from './causes.js';
import type { Change, Place, Side, Witness } from './change.js';
import { entrancesOf } from './gateway-entrances.js';
import { objectKey } from './objects.js';
import type { Pair } from './pair.js';
import { decidedThrough } from './requests.js';

/** Gateways that come and go, also with their cluster, each with a request that comes in by it. */
export function gatewayChanges(pair: Pair, cluster: string): readonly Change[] {
  const [was, is] = [pair.before.mesh, pair.after.mesh].map((mesh) => gatewaysIn(mesh, cluster));
  const isAlone = (others: ReadonlyMap<string, Gateway> | undefined) => (each: Gateway) => !others?.has(keyOf(each));
  return [
    ...[...(is?.values() ?? [])].filter(isAlone(was)).map((each) => change(pair, 'after', each)),
    ...[...(was?.values() ?? [])].filter(isAlone(is)).map((each) => change(pair, 'before', each)),
  ];
}

function gatewaysIn({ clusters }: Mesh, cluster: string): ReadonlyMap<string, Gateway> {
  return clusters.get(cluster)?.cluster.gateways ?? new Map();
}

function change(pair: Pair, side: Side, gateway: Gateway): Change {
  const { cluster, object } = gateway;
  const place: Place = { kind: 'gateway', cluster, name: keyOf(gateway) };
  const witness = comingIn(pair, side, gateway);
  const taken = takenInWords(gateway.listeners.filter(({ standing }) => standing.kind !== 'left-out'));
  return {
    kind: side === 'after' ? 'gateway-added' : 'gateway-removed',
    cluster,
    place,
    ...(side === 'after' ? { is: `it takes ${taken}` } : { was: `it took ${taken}` }),
    ...(witness && { witness }),
    causes: causeIn(pair, objectKey(cluster, object)),
    others: [],
  };
}

/** `what comes to port 80 for shop.example.com`. */
function takenInWords(listeners: readonly Listener[]): string {
  if (listeners.length === 0) return 'nothing, for no listener of it is served';
  const ports = [...groupBy(listeners, ({ port }) => port)].map(([port, all]) => {
    const hosts = [...new Set(all.flatMap((each) => each.hosts.map(({ host }) => host)))].filter(
      (host) => host !== '*',
    );
    return `port ${port} for ${hosts.length === 0 ? 'any host' : hosts.join(', ')}`;
  });
  return `what comes to ${ports.join(' and to ')}`;
}

const anyone: Source = { kind: 'outside', name: 'anyone' };

/** Of what somebody outside may send the first that is let through; else the first of all. */
function comingIn(pair: Pair, side: Side, gateway: Gateway): Witness | undefined {
  const { mesh } = pair[side];
  const at = mesh.clusters.get(gateway.cluster);
  if (at === undefined) return undefined;
  const shown = entrancesOf([{ mesh, at, gateway }]).map(({ destination, host }) => {
    const payload: Request['payload'] =
      host === undefined ? { kind: 'tcp' } : { kind: 'http', method: 'GET', path: '/', host, headers: {} };
    return decidedThrough(pair, { source: anyone, destination, payload });
  });
  return shown.find((each) => each[side].trace.verdict.kind === 'allowed') ?? shown[0];
}
