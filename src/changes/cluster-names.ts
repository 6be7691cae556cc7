import { readMesh } from '../mesh/mesh.js';
import type { ClusterSettings } from '../parse/mesh.js';
import { readTopology } from '../topology/build-topology.js';
import type { State } from './change.js';

/** Two environments of one cluster each call it otherwise, and it is the same one that is meant: it gets the earlier name. */
export function withClusterNames(before: State, after: State): State {
  const [was, ...others] = before.mesh.topology.clusters;
  const [is, ...more] = after.mesh.topology.clusters;
  if (was === undefined || is === undefined || others.length + more.length > 0 || was.name === is.name) return after;
  const { name } = was;
  const { mesh } = after.mesh.topology;
  const objects = after.objects.map((each) => ({ ...each, cluster: name }));
  const settings = {
    ...mesh,
    clusters: mesh.clusters.map((each) => ({ ...each, name, network: networkOf(each, was) })),
  };
  return { objects, mesh: readMesh(readTopology(settings, objects)).value };
}

/** A network that nobody names is called as its cluster is. */
function networkOf({ name, network }: ClusterSettings, was: { readonly settings: ClusterSettings }): string {
  return network === name ? was.settings.network : network;
}
