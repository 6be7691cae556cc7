import type { Mesh } from '../../mesh/mesh.js';
import { type Cluster, keyOf, type Service, type Workload } from '../../topology/model.js';
import type { Question } from '../ask/question.js';
import type { LoggedEnd, LogLine } from './log-line.js';

/** Who called whom, as a question names them; `undefined` where the line and the manifests do not tell. */
export interface EndsNamed extends Pick<Question, 'podIp'> {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The names of both ends of a line, among what the manifests have. */
export function endsNamed(mesh: Mesh, { writtenBy, caller, destination, request }: LogLine): EndsNamed {
  const { clusters } = mesh.topology;
  const pod = writtenBy === 'ztunnel' ? first(clusters, (cluster) => podIn(cluster, destination)) : undefined;
  const service = first(clusters, (cluster) => serviceIn(cluster, destination, request?.authority));
  return { from: callerNamed(mesh, writtenBy, caller), to: pod ?? service, podIp: pod !== undefined };
}

/** Who called, as a question names it. ztunnel names whoever has a certificate, and Envoy's log nobody. */
export function callerNamed(
  { topology }: Mesh,
  writtenBy: LogLine['writtenBy'] | 'metric',
  caller: LoggedEnd,
): string | undefined {
  const from = first(topology.clusters, (cluster) => callerIn(cluster, caller));
  return from ?? (writtenBy === 'ztunnel' && caller.principal === undefined ? 'outside' : undefined);
}

function first(clusters: readonly Cluster[], find: (cluster: Cluster) => string | undefined): string | undefined {
  for (const cluster of clusters) {
    const found = find(cluster);
    if (found !== undefined) return found;
  }
  return undefined;
}

function callerIn(cluster: Cluster, end: LoggedEnd): string | undefined {
  const runners = [...cluster.workloads.values()].filter((workload) => runs(workload, end.principal));
  const [known] = [...runners.filter((workload) => isPodOf(end, workload)), ...runners];
  if (known !== undefined) return keyOf(known);
  const gateway = [...cluster.gateways.values()].find((each) => runs(each, end.principal));
  return gateway && `gateway:${keyOf(gateway)}`;
}

function runs(
  { namespace, serviceAccount }: Pick<Workload, 'namespace' | 'serviceAccount'>,
  principal: string | undefined,
): boolean {
  return principal?.endsWith(`/ns/${namespace}/sa/${serviceAccount}`) ?? false;
}

function podIn(cluster: Cluster, end: LoggedEnd): string | undefined {
  const workload = [...cluster.workloads.values()].find((each) => isPodOf(end, each));
  return workload && end.port !== undefined ? `${keyOf(workload)}:${end.port}` : undefined;
}

/** A controller puts a hyphen and something of its own behind its name. */
export function isPodOf({ pod, namespace }: LoggedEnd, workload: Pick<Workload, 'namespace' | 'name'>): boolean {
  if (pod === undefined || namespace !== workload.namespace) return false;
  const [name = ''] = workload.name.split('.');
  return pod === name || (pod.startsWith(`${name}-`) && /^[a-z0-9]+(?:-[a-z0-9]+)?$/.test(pod.slice(name.length + 1)));
}

/** By its host, or by what the request was addressed to, whose port says which of the Service's it is. */
function serviceIn(cluster: Cluster, end: LoggedEnd, authority: string | undefined): string | undefined {
  const [, asked = '', port] = /^(.*?)(?::(\d+))?$/.exec(authority ?? '') ?? [];
  const host = end.host ?? asked;
  const service = [...cluster.services.values()].find((each) => isHostOf(host, each));
  if (service === undefined) return undefined;
  const number = end.host !== undefined && end.port !== undefined ? end.port : Number(port ?? 80);
  const known = service.ports.find((each) => each.number === number) ?? onlyPort(service);
  return known && `${keyOf(service)}:${known.name ?? known.number}`;
}

/** `ledger.payments` and everything longer; the short name alone could be of any namespace. */
export function isHostOf(host: string, { namespace, name }: Service): boolean {
  return host === `${name}.${namespace}` || host.startsWith(`${name}.${namespace}.svc`);
}

function onlyPort({ ports }: Service): Service['ports'][number] | undefined {
  return ports.length === 1 ? ports[0] : undefined;
}
