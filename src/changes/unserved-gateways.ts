import { asLabels, asObject } from '../mesh/json.js';
import type { MeshCluster } from '../mesh/mesh.js';
import { objectsBehind } from '../mesh/routes/route.js';
import type { ManifestObject } from '../parse/document.js';
import { describe, namespaceOf } from '../topology/fields.js';
import { type Cluster, type Labels, selects } from '../topology/model.js';
import { causeIn } from './causes.js';
import type { State, Undecided } from './change.js';
import { objectKey } from './objects.js';
import type { Pair } from './pair.js';

/**
 * Istio's own Gateways whose pods no manifest shows, where what they serve, their routes or their policies differ: whoever comes
 * in by them is compared with nobody, and nothing is said of it.
 */
export function unservedGateways(pair: Pair, cluster: string): readonly Undecided[] {
  const both = [...unservedIn(pair.before, cluster), ...unservedIn(pair.after, cluster)];
  const differing = both.filter(({ objects }) => objects.some((key) => causeIn(pair, key).length > 0));
  return [...new Map(differing.map((each) => [each.name, each])).values()].map(({ name, what }) => ({
    fact: `who comes in by ${what}, whose pods are in no manifest`,
    isCrossing: false,
    places: [{ kind: 'gateway', cluster, name }],
  }));
}

interface Unserved {
  /** `namespace/name` */
  readonly name: string;
  readonly what: string;
  /** The keys of all objects that say what becomes of whoever comes in. */
  readonly objects: readonly string[];
}

function unservedIn({ mesh }: State, name: string): readonly Unserved[] {
  const at = mesh.clusters.get(name);
  if (at === undefined) return [];
  const unserved = at.cluster.istioGateways.filter((object) => !isServed(at.cluster, selectorOf(object)));
  return unserved.map((object) => {
    const key = `${namespaceOf(object)}/${object.name}`;
    const deciding = [object, ...routesOf(at, key), ...policiesOf(at.cluster, object)];
    return { name: key, what: describe(object), objects: deciding.map((each) => objectKey(name, each)) };
  });
}

function selectorOf({ value }: ManifestObject): Labels {
  return asLabels(asObject(value.spec)?.selector);
}

function isServed({ workloads, gateways }: Cluster, selector: Labels): boolean {
  const pods = [
    ...[...workloads.values()].map(({ labels }) => labels),
    ...[...gateways.values()].map(({ podLabels }) => podLabels),
  ];
  return pods.some((labels) => selects(selector, labels));
}

/** With those that they delegate to. */
function routesOf({ routes }: MeshCluster, name: string): readonly ManifestObject[] {
  return routes
    .filter(({ attachments }) =>
      attachments.some((each) => each.kind === 'gateway' && each.api === 'istio' && each.gateway === name),
    )
    .flatMap(objectsBehind);
}

/** Those whose selector is satisfied by the labels that the pods must have. */
function policiesOf({ policies }: Cluster, gateway: ManifestObject): readonly ManifestObject[] {
  return policies.filter(({ value }) => {
    const labels = asLabels(asObject(asObject(value.spec)?.selector)?.matchLabels);
    return Object.keys(labels).length > 0 && selects(labels, selectorOf(gateway));
  });
}
