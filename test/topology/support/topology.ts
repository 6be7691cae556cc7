import type { Diagnostic, Result } from '../../../src/diagnostics/diagnostic.js';
import { lintTopology } from '../../../src/lint/topology/lint-topology.js';
import type { ClusterSettings, IstioSettings, MeshSettings } from '../../../src/parse/mesh.js';
import { istioSettings } from '../../../src/parse/parse-istio.js';
import { readObjects } from '../../../src/parse/read-objects.js';
import { readYaml } from '../../../src/parse/read-yaml.js';
import { buildTopology, type ClusterObject } from '../../../src/topology/build-topology.js';
import type { Cluster, Topology } from '../../../src/topology/model.js';

export const istioDefaults: IstioSettings = istioSettings(undefined);

function clusterNamed(name: string, istio: Partial<IstioSettings>): ClusterSettings {
  return {
    name,
    network: name,
    trustDomain: 'cluster.local',
    trustDomainAliases: [],
    istio: { ...istioDefaults, ...istio },
    gatewayApi: { channel: 'standard' },
    gateways: [],
    manifests: [],
    span: null,
  };
}

export function meshWith(istio: Partial<IstioSettings> = {}, clusters: readonly string[] = ['east']): MeshSettings {
  return {
    name: 'test',
    rootNamespace: 'istio-system',
    clusterDomain: 'cluster.local',
    trustDomain: 'cluster.local',
    clusters: clusters.map((name) => clusterNamed(name, istio)),
    callers: [],
    tokenIssuers: [],
    rateLimitServices: [],
    customMethods: [],
    span: null,
  };
}

/** The objects of a YAML stream; a test whose YAML does not read is a broken test. */
export function objectsIn(text: string, cluster = 'east', path = `${cluster}.yaml`): readonly ClusterObject[] {
  const documents = readYaml({ path, text }, 'manifest');
  const objects = readObjects(documents.value);
  const errors = [...documents.diagnostics, ...objects.diagnostics].filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return objects.value.map((object) => ({ cluster, object }));
}

export function topologyOf(text: string, istio: Partial<IstioSettings> = {}): Result<Topology> {
  return judged(meshWith(istio), objectsIn(text));
}

/** The deployment, and all that is said of it. */
export function judged(mesh: MeshSettings, objects: readonly ClusterObject[]): Result<Topology> {
  const { value, diagnostics } = buildTopology(mesh, objects);
  return { value, diagnostics: [...diagnostics, ...lintTopology(value)] };
}

export function clusterOf(text: string, istio: Partial<IstioSettings> = {}): Cluster {
  return theCluster(topologyOf(text, istio).value);
}

export function theCluster(topology: Topology): Cluster {
  return present(topology.clusters[0]);
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value');
  return value;
}

/** A diagnostic as tests compare it: its code and the text that it underlines. */
export function finding({ code, span }: Diagnostic): string {
  return span === null ? code : `${code} ${span.file.text.slice(span.start, span.end)}`;
}
