import { hasBit } from '../algebra/bits.js';
import { type Callers, callersAmong, classesOf } from '../algebra/callers.js';
import { type Lane, type LanePlan, planLane } from '../algebra/lane.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { allHosts, type OutsideHost } from '../mesh/paths/host-names.js';
import { settingsOnWay } from '../mesh/routes/settings/on-way.js';
import { keyOf, type ServicePort } from '../topology/model.js';
import { cellsOf } from '../trace/matrix/cells.js';
import type { Access, Encryption } from './access.js';
import { namedTogether } from './alike.js';
import { closersOf, gatesOf } from './closers.js';

/** One port of a host outside the mesh, with whoever gets anything out to it. */
export interface WayOut {
  readonly cluster: string;
  readonly host: string;
  /** `namespace/name` of the ServiceEntry that makes it known. */
  readonly entry: string;
  readonly port: ServicePort;
  readonly payload: 'http' | 'tcp';
  readonly access: readonly AccessOut[];
}

/** What some callers get out of the mesh. */
export interface AccessOut extends Access {
  /** What decides about it on the way: `NetworkPolicy shop/closed`, `Sidecar shop/default`, `waypoint shop/out`. */
  readonly points: readonly string[];
  /** Every workload that it is, as `namespace/name`; also where many are meant. */
  readonly workloads: readonly string[];
}

/** Every host that ServiceEntries make known and that stands for no pods, for every caller of its cluster. */
export function waysOut(mesh: Mesh, at: MeshCluster): readonly WayOut[] {
  const { name: cluster } = at.cluster;
  const callers = callersAmong(classesOf(mesh).filter(({ caller }) => caller.cluster === cluster));
  const hosts = [...allHosts(at).values()].flat().filter((named): named is OutsideHost => named.service === undefined);
  return hosts
    .filter(({ port }) => port.transport === 'TCP')
    .flatMap((named) => lanesTo(cluster, named).map((lane) => wayOut(mesh, callers, named, lane)));
}

/** A port at which nothing is declared carries either. */
function lanesTo(cluster: string, { host, outside, port }: OutsideHost): readonly Lane[] {
  const entry = keyOf({ namespace: outside.namespace, name: outside.object.name });
  const name = host.replace(/^\*/, 'any');
  const destination = { kind: 'external', cluster, entry, host: name, port: port.number } as const;
  const payloads = port.layer === 'detected' ? (['http', 'tcp'] as const) : ([port.layer] as const);
  return payloads.map((payload) => ({ destination, payload }));
}

function wayOut(mesh: Mesh, callers: Callers, { host, outside, port }: OutsideHost, lane: Lane): WayOut {
  const plan = planLane(mesh, callers, lane);
  const cells = cellsOf(mesh, callers, plan);
  const tls = tlsOf(mesh, callers, lane);
  const told = callers.classes.flatMap((caller, index) => {
    const cell = cells[index];
    if (cell === undefined) return [];
    const encryption: Encryption = cell.kind === 'none' ? 'unknown' : encryptionOf(tls(index), port);
    const points = [...gatesOf(plan, index), ...closersOf(caller.caller)];
    return [{ caller, content: { ...cell, encryption }, points }];
  });
  return {
    cluster: lane.destination.cluster,
    host,
    entry: keyOf({ namespace: outside.namespace, name: outside.object.name }),
    port,
    payload: lane.payload,
    access: namedTogether(told),
  };
}

type Begun = 'begun' | 'not begun' | 'unknown';

/** Whether the last proxy on the ways of a caller begins TLS. */
function tlsOf(mesh: Mesh, callers: Callers, lane: Lane): (caller: number) => readonly Begun[] {
  const { ways }: LanePlan = planLane(mesh, callers, lane, undefined, (way, source): Begun => {
    const tls = settingsOnWay(mesh, way, source).at(-1)?.settings.backend?.tls;
    if (tls?.known === false) return 'unknown';
    return tls === undefined || ['DISABLE', 'automatic', 'HBONE'].includes(tls.value.mode) ? 'not begun' : 'begun';
  });
  return (caller) =>
    ways
      .filter((way) => hasBit(way.callers, caller) && way.stop?.kind !== 'no-path')
      .map(({ told = 'unknown' }) => told as Begun);
}

/** Of bytes nobody knows what they are, unless the port says it. */
function encryptionOf(begun: readonly Begun[], { protocol, layer }: ServicePort): Encryption {
  if (begun.length > 0 && begun.every((each) => each === 'begun')) return 'tls';
  if (begun.includes('unknown')) return 'unknown';
  if (protocol === 'https' || protocol === 'tls') return 'client-tls';
  return layer === 'http' ? 'plaintext' : 'unknown';
}
