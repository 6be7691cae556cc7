import type { MeshCluster } from '../../mesh/mesh.js';
import { deployedServices } from '../../mesh/paths/gateway/deployed-service.js';
import { isVisible } from '../../mesh/paths/visibility.js';
import type { Service, ServiceEntry, ServicePort } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';

/** What has a host: a Service, or a ServiceEntry that names it or all that end like it. */
export type HostOwner =
  | { readonly kind: 'Service'; readonly owner: Service }
  | { readonly kind: 'ServiceEntry'; readonly owner: ServiceEntry };

interface KnownHosts {
  readonly exact: ReadonlyMap<string, readonly HostOwner[]>;
  readonly wildcards: ReadonlyArray<{ readonly suffix: string; readonly found: HostOwner }>;
}

const knownHosts = oncePerObject((at: MeshCluster): KnownHosts => {
  const services = [...at.cluster.services.values()].map((owner) => {
    return { host: owner.host.toLowerCase(), found: { kind: 'Service', owner } as const };
  });
  const entries = [...at.cluster.serviceEntries.values()].flatMap((owner) =>
    owner.hosts.map((host) => ({ host: host.toLowerCase(), found: { kind: 'ServiceEntry', owner } as const })),
  );
  const made = deployedServices(at)
    .filter(({ host }) => !services.some((service) => service.host === host.toLowerCase()))
    .map((owner) => ({ host: owner.host.toLowerCase(), found: { kind: 'Service', owner } as const }));
  const all = [...services, ...made, ...entries];
  const named = groupBy(
    all.filter(({ host }) => !host.startsWith('*')),
    ({ host }) => host,
  );
  return {
    exact: new Map([...named].map(([host, group]) => [host, group.map(({ found }) => found)])),
    wildcards: all
      .filter(({ host }) => host.startsWith('*'))
      .map(({ host, found }) => ({ suffix: host.slice(1), found })),
  };
});

/** All that has a host, which may itself be a wildcard. */
export function ownersOf(at: MeshCluster, host: string): readonly HostOwner[] {
  const { exact, wildcards } = knownHosts(at);
  const wide = wildcards.filter(({ suffix }) => host.endsWith(suffix)).map(({ found }) => found);
  return [...(exact.get(host) ?? []), ...wide];
}

/** The hosts that a wildcard stands for. */
export function hostsBelow(at: MeshCluster, wildcard: string): readonly string[] {
  const suffix = wildcard.slice(1);
  return allHosts(at).filter((host) => host.endsWith(suffix));
}

/** Every host that is no wildcard. */
export function allHosts(at: MeshCluster): readonly string[] {
  return [...knownHosts(at).exact.keys()];
}

export function isKnownIn({ owner }: HostOwner, namespace: string): boolean {
  return isVisible(owner, namespace);
}

export function portsOf({ owner }: HostOwner): readonly ServicePort[] {
  return owner.ports;
}

/** The namespace of a Service, by its full name. */
export function namespaceOfHost(host: string, clusterDomain: string): string | undefined {
  const suffix = `.svc.${clusterDomain}`.toLowerCase();
  return host.endsWith(suffix) ? host.slice(0, -suffix.length).split('.').at(-1) : undefined;
}

/** Whether somebody calls through a sidecar, which obeys one route of a host: a waypoint puts the rules of all together. */
export const hasSidecars = oncePerObject(({ cluster }: MeshCluster): boolean =>
  [...cluster.workloads.values()].some(({ mode }) => mode.plane === 'sidecar'),
);
