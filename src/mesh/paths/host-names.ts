import type { Cluster, Service, ServicePort } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { serviceOfEntry } from '../entry-services.js';
import { asObject, asTexts } from '../json.js';
import type { MeshCluster } from '../mesh.js';

/** What has a host name at a port: a Service, or a ServiceEntry for one of its hosts. */
export type NamedHost = {
  readonly host: string;
  readonly namespace: string;
  readonly exportTo: readonly string[] | undefined;
  readonly port: ServicePort;
} & ({ readonly service: Service } | Outside);

/** The host of a ServiceEntry that selects no workloads: what proxies take for a Service stands for no pods. */
interface Outside {
  readonly service: undefined;
  readonly outside: Service;
}

export type OutsideHost = Extract<NamedHost, Outside>;

/** By the full name. */
type Hosts = ReadonlyMap<string, readonly NamedHost[]>;

const hostsOfServices = oncePerObject((services: Cluster['services']): Hosts => {
  const named = [...services.values()].flatMap((service) =>
    service.ports.map((port) => ({ ...service, port, service })),
  );
  return groupBy(named, ({ host }) => host);
});

const hostsOfEntries = oncePerObject(({ cluster }: MeshCluster): Hosts => {
  const named = [...cluster.serviceEntries.values()].flatMap((entry) =>
    entry.hosts.flatMap((host) => hostsOfEntry(serviceOfEntry(entry, host.toLowerCase(), cluster))),
  );
  return groupBy(named, ({ host }) => host);
});

function hostsOfEntry(outside: Service): readonly NamedHost[] {
  return outside.ports.map((port) => ({ ...outside, port, service: undefined, outside }));
}

/** Every host of a cluster, each with all its ports: a Service goes before entries for its host. */
export const allHosts = oncePerObject((mesh: MeshCluster): Hosts => {
  const ofServices = hostsOfServices(mesh.cluster.services);
  const ofEntries = [...hostsOfEntries(mesh)].filter(([host]) => !ofServices.has(host));
  return ofEntries.length === 0 ? ofServices : new Map([...ofServices, ...ofEntries]);
});

/** By the number of a port, those whose port of that number is declared HTTP. */
export const hostsForRequests = oncePerObject((mesh: MeshCluster): ReadonlyMap<number, readonly NamedHost[]> => {
  const named = [...allHosts(mesh).values()].flat();
  return groupBy(
    named.filter(({ port: { layer, transport } }) => layer === 'http' && transport === 'TCP'),
    ({ port }) => port.number,
  );
});

/** All that have a full name, at whatever port. */
export function hostsNamed(mesh: MeshCluster, host: string): readonly NamedHost[] {
  return hostsOfServices(mesh.cluster.services).get(host) ?? hostsOfEntries(mesh).get(host) ?? [];
}

/** All whose names end as a wildcard says. */
export function hostsBelow(mesh: MeshCluster, wildcard: string): readonly NamedHost[] {
  return [...allHosts(mesh)].flatMap(([host, named]) => (host.endsWith(wildcard.slice(1)) ? named : []));
}

/** What a text in a Host header names at a port for a proxy of a namespace (T-92). */
export type Meaning =
  | { readonly kind: 'host'; readonly named: NamedHost }
  /** A name that nothing in the mesh has. */
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'undecided'; readonly because: string };

/**
 * A Service has its full name, with or without a last dot, its name with its namespace, with or without `svc`, its virtual
 * IPs, and in its own namespace the name alone; without a virtual IP also what ends with one of these.
 */
export function meaningOf(mesh: MeshCluster, namespace: string, authority: string, port: number): Meaning {
  const name = nameIn(authority);
  const candidates = fullNames(mesh, namespace, name).flatMap((full) => hostsNamed(mesh, full));
  const named = candidates.find((candidate) => isServed(candidate, port));
  if (named !== undefined) return { kind: 'host', named };
  if (isAddress(name)) return meaningOfAddress(mesh, name, port);
  const wide = wildcardNamed(mesh, namespace, name, port);
  return wide === undefined ? { kind: 'unknown', name } : { kind: 'host', named: wide };
}

/** Routes by Host know a name at its ports for requests, and at those where they are detected. */
function isServed({ port: { number, layer } }: NamedHost, port: number): boolean {
  return number === port && layer !== 'tcp';
}

/** Envoy looks at no port, and at no text that stands in its place. */
export function nameIn(authority: string): string {
  return authority.replace(/:[^:\]]*$/, '').toLowerCase();
}

/** What a Host header may call a Service, wherever the client is, without a port. */
export function namesFor({ name, namespace, host }: Pick<Service, 'name' | 'namespace' | 'host'>): readonly string[] {
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host, `${host}.`];
}

/** The full names that a name may stand for, the name itself first. */
function fullNames(mesh: MeshCluster, namespace: string, name: string): readonly string[] {
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  const { clusterDomain } = mesh;
  const [, home] = bare.split('.');
  if (home === undefined) return [bare, `${bare}.${namespace}.svc.${clusterDomain}`];
  if (name.endsWith('.')) return [bare];
  const short = /^[^.]+\.[^.]+(?:\.svc)?$/.test(bare);
  return short ? [bare, `${bare.replace(/\.svc$/, '')}.svc.${clusterDomain}`] : [bare];
}

/** A host of a ServiceEntry that begins with a wildcard, or a name below that of a Service without a virtual IP. */
function wildcardNamed(mesh: MeshCluster, namespace: string, name: string, port: number): NamedHost | undefined {
  const labels = name.split('.');
  for (let start = 1; start < labels.length; start++) {
    const rest = labels.slice(start).join('.');
    const headless = fullNames(mesh, namespace, rest)
      .flatMap((full) => hostsNamed(mesh, full))
      .find((candidate) => candidate.service?.headless === true && isServed(candidate, port));
    const entry = hostsNamed(mesh, `*.${rest}`).find((candidate) => isServed(candidate, port));
    const found = entry ?? headless;
    if (found !== undefined) return found;
  }
  return hostsNamed(mesh, '*').find((candidate) => isServed(candidate, port));
}

function isAddress(name: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) || /^\[?[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*\]?$/.test(name);
}

/** Manifests from Git carry no virtual IPs. */
function meaningOfAddress(mesh: MeshCluster, address: string, port: number): Meaning {
  const services = [...mesh.cluster.services.values()].filter(({ hasVip }) => hasVip);
  const owner = services.find((service) => addressesOf(service).includes(address));
  if (owner === undefined) {
    if (services.every((service) => addressesOf(service).length > 0)) return { kind: 'unknown', name: address };
    return { kind: 'undecided', because: `whose virtual IP ${address} is, in a Host header` };
  }
  const named = hostsNamed(mesh, owner.host).find((candidate) => isServed(candidate, port));
  return named === undefined ? { kind: 'unknown', name: address } : { kind: 'host', named };
}

function addressesOf({ object }: Service): readonly string[] {
  const { clusterIP, clusterIPs } = asObject(object.value.spec) ?? {};
  return [...asTexts(clusterIPs), ...(typeof clusterIP === 'string' ? [clusterIP] : [])];
}
