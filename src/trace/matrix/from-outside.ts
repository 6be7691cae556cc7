import { type Callers, callersAmong, classesOf } from '../../algebra/callers.js';
import { planLane, type Way } from '../../algebra/lane.js';
import { type LedByGateway, ledByGateways } from '../../algebra/routes/led-by-gateways.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { ToGateway } from '../../mesh/paths/onward.js';
import { keyOf, type Listener } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy, sortBy } from '../../util/order.js';
import { cellsOf } from './cells.js';
import { type MatrixRow, rowsOf } from './rows.js';

/** What comes from outside through gateways to some pods that get the same. */
export interface FromOutside {
  /** `namespace/name:port` */
  readonly pods: readonly string[];
  readonly entries: readonly Entry[];
}

/** A name by which a gateway leads on to the pods, and what gets through to them, by callers. */
export interface Entry {
  /** As clients write it, up to the path: `https://*.example.com` */
  readonly url: string;
  /** `namespace/name` */
  readonly gateway: string;
  readonly rows: readonly MatrixRow[];
}

/** By which names gateways lead requests from outside to one port of pods, and which; nothing where none does. */
export function fromOutsideTo(mesh: Mesh, at: MeshCluster, workload: string, podPort: number): readonly FromOutside[] {
  return tablesOf(mesh, at, (led, key) => key === workload && led.podPort === podPort);
}

/** By which names a gateway leads requests from outside on from one of its ports, and to which pods. */
export function fromOutsideBy(mesh: Mesh, { cluster, gateway, port }: ToGateway): readonly FromOutside[] {
  const at = mesh.clusters.get(cluster);
  const isBy = (led: LedByGateway) => keyOf(led.gateway) === gateway && led.lane.destination.port === port;
  return at === undefined ? [] : tablesOf(mesh, at, isBy);
}

/** The same for all gateways and all pods to which one leads. */
export function allFromOutside(mesh: Mesh, cluster: string | undefined): readonly FromOutside[] {
  const wanted = [...mesh.clusters.values()].filter((at) => cluster === undefined || at.cluster.name === cluster);
  return joined(wanted.flatMap((at) => tablesOf(mesh, at, () => true)));
}

function tablesOf(
  mesh: Mesh,
  at: MeshCluster,
  isWanted: (led: LedByGateway, workload: string) => boolean,
): readonly FromOutside[] {
  return sortBy([...ledByGateways(at)], ([workload]) => workload).flatMap(([workload, all]) => {
    const led = all.filter((each) => isWanted(each, workload));
    const byPort = sortBy([...groupBy(led, ({ podPort }) => podPort)], ([podPort]) => podPort);
    return byPort.flatMap(([podPort, own]) => {
      const entries = own.flatMap((each) => entriesOf(mesh, each));
      return entries.length === 0 ? [] : [{ pods: [`${workload}:${podPort}`], entries: inOrder(entries) }];
    });
  });
}

/** Pods that get the same are told once. */
export function joined(all: readonly FromOutside[]): readonly FromOutside[] {
  const alike = groupBy(all, ({ entries }) => JSON.stringify(entries));
  return [...alike.values()].map((group) => {
    return { pods: group.flatMap(({ pods }) => pods), entries: group[0]?.entries ?? [] };
  });
}

function inOrder(entries: readonly Entry[]): readonly Entry[] {
  return sortBy(
    entries,
    ({ gateway }) => gateway,
    ({ url }) => url.replace(/^\w+:\/\//, ''),
    ({ url }) => url,
  );
}

const outsiders = oncePerObject((mesh: Mesh): Callers => {
  return callersAmong(classesOf(mesh).filter(({ source }) => source.kind === 'outside'));
});

/** One for each name of the listener by which requests may come to the pods at all. */
function entriesOf(mesh: Mesh, { gateway, listener, lane, name: asked }: LedByGateway): readonly Entry[] {
  const callers = outsiders(mesh);
  const { ways } = planLane(mesh, callers, lane);
  const isConnection = listener.reads === 'connections';
  const leading = ways.filter(({ served, stop }) =>
    stop === undefined ? isConnection || served !== undefined : served !== undefined || stop.kind === 'not-modelled',
  );
  const nameOf = ({ served }: Way) => served?.name ?? asked ?? listener.hosts[0]?.host ?? '*';
  return [...groupBy(leading, nameOf)].map(([name, own]) => {
    const cells = cellsOf(mesh, callers, { lane, ways: own });
    const rows = rowsOf(
      callers,
      cells.map((cell) => [cell]),
    );
    return { url: urlOf(listener, lane.destination.port, name), gateway: keyOf(gateway), rows };
  });
}

/** How clients begin their URLs for a name at a listener. */
function urlOf({ tls, reads }: Listener, port: number, name: string): string {
  const isEncrypted = tls !== undefined;
  const scheme = reads === 'connections' ? (isEncrypted ? 'tls' : 'tcp') : isEncrypted ? 'https' : 'http';
  const isUsual = port === { http: 80, https: 443 }[scheme as string];
  return `${scheme}://${name}${isUsual ? '' : `:${port}`}`;
}
