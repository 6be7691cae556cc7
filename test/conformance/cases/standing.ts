import { dump } from 'js-yaml';
import { asArray, asObject } from '../../../src/mesh/json.js';
import { type Mesh, readMesh } from '../../../src/mesh/mesh.js';
import type { JsonObject } from '../../../src/parse/document.js';
import type { IstioVersion } from '../../../src/parse/mesh.js';
import { parseSources } from '../../../src/parse/parse-sources.js';
import { readTopology } from '../../../src/topology/build-topology.js';

/** What stands in a cluster once everything is applied: what a case is about. */
export interface Standing {
  readonly name: string;
  readonly cluster: string;
  /** The Mesh document, with this cluster alone. */
  readonly mesh: JsonObject;
  readonly objects: readonly JsonObject[];
}

/** Takes a release for that of the cluster: the one whose code judges. */
export function ofRelease(standing: Standing, version: IstioVersion): Standing {
  const spec = asObject(standing.mesh.spec) ?? {};
  const clusters = asArray(spec.clusters).flatMap((each) => {
    const cluster = asObject(each) ?? {};
    return { ...cluster, istio: { ...asObject(cluster.istio), version } };
  });
  return { ...standing, mesh: { ...standing.mesh, spec: { ...spec, clusters } } };
}

/**
 * The mesh as the model reads it: one object a line, since JSON is YAML. The judge has no network plugin, so that nothing is
 * asked of NetworkPolicies, and what Istio decides behind them is compared.
 */
export function modelOf({ mesh, cluster, objects }: Standing): Mesh {
  const judged = objects.filter(({ kind }) => kind !== 'NetworkPolicy');
  const text = judged.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
  const sources = [
    { path: 'mesh.yaml', text: dump(mesh) },
    { path: 'manifests.json', text, cluster },
  ];
  const parsed = parseSources(sources).value;
  return readMesh(readTopology(parsed.mesh, parsed.objects)).value;
}
