import type { MeshCluster } from '../../mesh/mesh.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { suggest } from '../../util/suggest.js';
import { allHosts, namespaceOfHost } from './known-hosts.js';

/** The hosts that a wrong one may be meant for: one label of theirs is near to its own, or the namespace alone differs. */
export function nearHosts(at: MeshCluster, host: string): readonly string[] {
  const labels = host.split('.');
  const isOfService = namespaceOfHost(host, at.clusterDomain) !== undefined;
  const near = labels.flatMap((label, index) => {
    const others = labelsFor(at).get(without(labels, index)) ?? [];
    const found = isOfService && index === 1 ? others : suggest(label, others);
    return found.map((other) => labels.with(index, other).join('.'));
  });
  return near.slice(0, 4);
}

/** By a host without one of its labels: what stands there in the hosts that are known. */
const labelsFor = oncePerObject((at: MeshCluster): ReadonlyMap<string, readonly string[]> => {
  const all = allHosts(at).flatMap((host) => {
    const labels = host.split('.');
    return labels.map((label, index) => ({ label, key: without(labels, index) }));
  });
  return new Map([...groupBy(all, ({ key }) => key)].map(([key, group]) => [key, group.map(({ label }) => label)]));
});

function without(labels: readonly string[], index: number): string {
  return labels.map((label, other) => (other === index ? '' : label)).join('.');
}
