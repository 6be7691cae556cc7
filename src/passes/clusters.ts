import type { Cluster, Topology } from '../topology/model.js';
import { assert } from '../util/assert.js';

export function clusterOf(topology: Topology, name: string): Cluster {
  const cluster = topology.clusters.find((each) => each.name === name);
  assert(cluster !== undefined, `cluster ${name} is in the topology`);
  return cluster;
}
