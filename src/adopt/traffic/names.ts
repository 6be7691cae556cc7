import type { Mesh } from '../../mesh/mesh.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { type JsonValue, type ManifestObject, saysExternalWeights } from '../../parse/document.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { keyOf, type Service, selects } from '../../topology/model.js';
import { controllerOf } from '../../topology/rollouts/weight-controllers.js';
import { groupBy } from '../../util/order.js';
import type { ListenerPort, TrafficNames } from './lifting.js';

/** What hosts, ports and selectors mean in an object of the mesh. */
export function trafficNames({ topology }: Mesh): (object: ManifestObject) => TrafficNames {
  const { clusterDomain, rootNamespace } = topology.mesh;
  const all = topology.clusters.flatMap((cluster) => [...cluster.services.values()]);
  const byHost = new Map(all.map((service) => [service.host, keyOf(service)]));
  const byKey = new Map(all.map((service) => [keyOf(service), service]));
  const entries = topology.clusters.flatMap((cluster) => [...cluster.serviceEntries.values()]);
  const workloads = topology.clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const listeners = listenersOf({ topology });
  const serviceAt = (host: string, namespace: string) =>
    byHost.get(fullHost(host, namespace, clusterDomain).toLowerCase());
  return (object) => {
    const { namespace: own = 'default' } = object;
    return {
      rootNamespace,
      service: (host) => serviceAt(host, own),
      backend: (name, namespace = own) => serviceAt(`${name}.${namespace}.svc.${clusterDomain}`, own),
      port: (service, number) => portsOf(byKey.get(service)).find((port) => port.number === number)?.name ?? number,
      portsOf: (service) => {
        const entry = entries.find(({ hosts }) => hosts.includes(service));
        const ports = entry?.ports.map((port) => ({ ...port, name: undefined })) ?? portsOf(byKey.get(service));
        const namesOf = (isBytes: boolean): readonly JsonValue[] =>
          ports.filter(({ layer }) => (layer === 'tcp') === isBytes).map(({ name, number }) => name ?? number);
        return { requests: namesOf(false), bytes: namesOf(true) };
      },
      homeOf: (host) => entries.find(({ hosts }) => hosts.some((each) => coversName(each, host)))?.namespace,
      workloads: (namespace, labels) => {
        const wanted = Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
        const found = workloads.filter((each) => each.namespace === namespace && selects(wanted, each.labels));
        return [...new Set(found.map(({ name }) => name))];
      },
      listeners: (gateway) => listeners.get(gateway),
      hostsOf: (namespace, name) =>
        entries.find((each) => each.namespace === namespace && each.name === name)?.hosts ?? [],
      hasExternalWeights:
        saysExternalWeights(object) || topology.clusters.some((cluster) => controllerOf(cluster, object) !== undefined),
    };
  };
}

function portsOf(service: Service | undefined): Service['ports'] {
  return service?.ports ?? [];
}

function listenersOf({ topology }: Pick<Mesh, 'topology'>): ReadonlyMap<string, readonly ListenerPort[]> {
  const gateways = topology.clusters.flatMap((cluster) => [...cluster.gateways.values()]);
  const all = gateways.flatMap((gateway) => gateway.listeners);
  return groupBy(all, ({ object: { namespace = 'default', name } }) => `${namespace}/${name}`);
}
