import { coversName } from '../../topology/listeners/admitted.js';
import type { ServiceEntry } from '../../topology/model.js';
import { doubtAboutHost } from '../doubts/open-hosts.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination, Payload } from '../request.js';
import { asSent, type RoutedRequest } from '../routes/follow/matching.js';
import { type Caller, towardsPort } from './caller.js';
import { noPath, notModelled, type Stop } from './hops.js';
import { hostsNamed, type OutsideHost } from './host-names.js';
import { atHost } from './legs.js';
import { type Way, waysTo } from './ways.js';

export type ToHost = Extract<Destination, { kind: 'external' }>;

/** A client that addresses a host by its name asks for it in TLS as well. */
export function askingFor<T extends Payload>({ host }: ToHost, payload: T): T {
  return payload.kind === 'tcp' ? { ...payload, serverName: payload.serverName ?? host.toLowerCase() } : payload;
}

/** Every way of one request or connection to a host of a ServiceEntry that stands for no pods. */
export function waysOutFor(mesh: Mesh, source: Caller, destination: ToHost, payload: Payload): readonly Way[] | Stop {
  const at = mesh.clusters.get(destination.cluster);
  if (payload.kind === 'tcp') return waysOut(mesh, source, destination, undefined, payload.serverName);
  const sent = at && asSent(payload, at.cluster.settings.istio.pathNormalization);
  return waysOut(mesh, source, destination, sent);
}

/** The same of what stands for many. */
export function waysOut(
  mesh: Mesh,
  source: Caller,
  destination: ToHost,
  sent: RoutedRequest | undefined,
  serverName?: string,
): readonly Way[] | Stop {
  const { cluster, host, port } = destination;
  const at = mesh.clusters.get(cluster);
  const entry = at?.cluster.serviceEntries.get(destination.entry);
  if (at === undefined || entry === undefined) return noPath(`there is no ServiceEntry \`${destination.entry}\``);
  if (source.cluster !== cluster) return noPath('the ServiceEntry is for callers of its own cluster');
  const open = doubtAboutHost(at.openHosts, host.toLowerCase());
  if (open !== undefined) return notModelled(open);
  const named = outsideHost(at, entry, destination);
  if (named === undefined) return notModelled('a ServiceEntry whose endpoints are in the mesh');
  const caller = towardsPort(source, port);
  return caller.kind === 'caller' ? waysTo(mesh, caller, atHost(named), sent, serverName) : caller;
}

/** The entry has the name itself, or one with a wildcard for it; `undefined` where it selects the pods of the mesh. */
function outsideHost(
  at: MeshCluster,
  { hosts, object }: ServiceEntry,
  { host, port }: ToHost,
): OutsideHost | undefined {
  const name = host.toLowerCase();
  const all = hosts.map((each) => each.toLowerCase());
  const patterns = all.includes(name) ? [name] : all.filter((each) => coversName(each, name));
  const named = patterns.flatMap((each) => hostsNamed(at, each));
  return named.find(
    (each): each is OutsideHost =>
      each.service === undefined && each.outside.object === object && each.port.number === port,
  );
}
