import { dump } from 'js-yaml';
import { refusalsOf } from '../../../../src/mesh/admission/admission.js';
import type { JsonObject, ManifestObject } from '../../../../src/parse/document.js';
import type { MeshSettings } from '../../../../src/parse/mesh.js';
import { parseSources } from '../../../../src/parse/parse-sources.js';
import { readObjects } from '../../../../src/parse/read-objects.js';
import { readYaml } from '../../../../src/parse/read-yaml.js';
import { buildTopology, type ClusterObject } from '../../../../src/topology/build-topology.js';
import type { Topology } from '../../../../src/topology/model.js';
import { type Case, goldenCases } from '../../cases.js';
import { type Emitted, kindOf, nameOf, namespaceOf } from '../emitted.js';

/** Manifests in which something is routed, parted into the objects that route and all else. */
export interface RouteSubject {
  readonly name: string;
  readonly settings: MeshSettings;
  readonly others: readonly ClusterObject[];
  readonly routing: readonly Emitted[];
}

const kinds: ReadonlySet<string> = new Set([
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
  'Gateway',
  'ListenerSet',
  'XListenerSet',
  'ReferenceGrant',
  'ServiceEntry',
  'Sidecar',
]);

const routes = /^(?:VirtualService|HTTPRoute|GRPCRoute|TCPRoute|TLSRoute)$/;

/** Every golden case about manifests as they stand that holds a route. */
export function routeSubjects(): readonly RouteSubject[] {
  return goldenCases('lint')
    .map(subjectOf)
    .filter(({ routing }) => routing.some((each) => routes.test(kindOf(each))));
}

function subjectOf({ name, sources }: Case): RouteSubject {
  const { mesh: settings, objects } = parseSources(sources).value;
  const versions = new Map(settings.clusters.map((cluster) => [cluster.name, cluster.istio.version]));
  // What the cluster refuses is nowhere, whatever is changed in it.
  const isRouting = ({ cluster, object }: ClusterObject) =>
    kinds.has(object.kind) && refusalsOf(object, versions.get(cluster) ?? '1.31').length === 0;
  return {
    name,
    settings,
    others: objects.filter((each) => !isRouting(each)),
    routing: objects.filter(isRouting).map(emittedFrom),
  };
}

function emittedFrom({ cluster, object }: ClusterObject): Emitted {
  const value = object.value as JsonObject;
  const text = dump(value, { noRefs: true, lineWidth: -1 });
  const emitted = { path: '', text, value };
  const group = String(value.apiVersion).split('/')[0];
  return { ...emitted, path: `${cluster}/${kindOf(emitted)}.${group}.${namespaceOf(emitted)}.${nameOf(emitted)}.yaml` };
}

/** The deployment with these objects that route. */
export function topologyWith({ settings, others }: RouteSubject, routing: readonly Emitted[]): Topology {
  return buildTopology(settings, [...others, ...routing.map(objectOf)]).value;
}

const known = new WeakMap<Emitted, ClusterObject>();

function objectOf(emitted: Emitted): ClusterObject {
  const found = known.get(emitted) ?? read(emitted);
  known.set(emitted, found);
  return found;
}

function read({ path, text }: Emitted): ClusterObject {
  const [object] = readObjects(readYaml({ path, text }, 'manifest').value).value;
  if (object === undefined) throw new Error(`no object in ${path}`);
  return { cluster: path.slice(0, path.indexOf('/')), object: object as ManifestObject };
}
