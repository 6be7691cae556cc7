import type { Source } from '../../../src/mesh/request.js';
import type { OutsideCaller } from '../../../src/parse/mesh.js';
import type { Cluster, Workload } from '../../../src/topology/model.js';
import { addressIn, mentionedAddresses } from './addresses.js';
import type { Words } from './words.js';

/** Everybody who can call: all workloads and gateways, somebody new on each plane, and who is outside. */
export function sourcesOf(cluster: Cluster, words: Words, callers: readonly OutsideCaller[]): readonly Source[] {
  return [
    ...workloadsOf(cluster, words),
    ...[...cluster.gateways.keys()].map((gateway) => ({ kind: 'gateway', cluster: cluster.name, gateway }) as const),
    ...newcomersTo(cluster),
    ...outsiders(words, callers),
  ];
}

/** Workloads that run applications. Proxies of the mesh call nobody of their own accord. */
export function applicationsOf({ workloads }: Cluster): ReadonlyArray<readonly [string, Workload]> {
  return [...workloads].filter(([, { mode, kind }]) => !machinery.has(mode.plane) && kind !== 'WorkloadEntry');
}

const machinery: ReadonlySet<string> = new Set(['waypoint', 'east-west']);

/** Of three, one has an address of its own, one that a policy mentions, and of one it is not known. */
function workloadsOf(cluster: Cluster, words: Words): readonly Source[] {
  const [mentioned] = mentionedAddresses(words);
  return applicationsOf(cluster).map(([workload], index): Source => {
    const ip = [`10.244.7.${(index % 250) + 1}`, mentioned, undefined][index % 3];
    return { kind: 'workload', cluster: cluster.name, workload, ...(ip !== undefined && { ip }) };
  });
}

function newcomersTo(cluster: Cluster): readonly Source[] {
  const namespaces = [...cluster.namespaces.keys()].filter((name) => name !== 'kube-system').slice(0, 3);
  return namespaces.flatMap((namespace) =>
    (['ambient', 'sidecar'] as const).map((speaks): Source => {
      return { kind: 'future', cluster: cluster.name, speaks, namespace, serviceAccount: 'newcomer' };
    }),
  );
}

function outsiders(words: Words, callers: readonly OutsideCaller[]): readonly Source[] {
  const blocks = callers.flatMap(({ ipBlocks }) => ipBlocks);
  const addresses = new Set(['198.51.100.7', ...mentionedAddresses(words), ...blocks.flatMap(addressIn)]);
  return [...addresses].map((ip) => ({ kind: 'outside', name: `at-${ip}`, ip }));
}
