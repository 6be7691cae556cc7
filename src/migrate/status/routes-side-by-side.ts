import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { ManifestObject } from '../../parse/document.js';
import { namespaceOf } from '../../topology/fields.js';
import { type Cluster, keyOf, type Service } from '../../topology/model.js';
import type { Target } from '../states/labels-of-state.js';

/** Routes of one Service: a plan lets those of the plane that is left and those of the other stand beside each other before it takes the first away. */
export interface RoutesSideBySide {
  readonly ofPlaneLeft: readonly ManifestObject[];
  readonly ofTarget: readonly ManifestObject[];
}

export function routesSideBySide(cluster: Cluster, target: Target): RoutesSideBySide {
  const all = cluster.routes.map((object) => ({
    object,
    isClassic: object.kind === 'VirtualService',
    services: servicesOf(object, cluster),
  }));
  const besideOthers = all.filter(({ isClassic, services }) =>
    all.some((other) => other.isClassic !== isClassic && other.services.some((each) => services.includes(each))),
  );
  const those = (classic: boolean) =>
    besideOthers.filter(({ isClassic }) => isClassic === classic).map(({ object }) => object);
  return { ofPlaneLeft: those(target === 'ambient'), ofTarget: those(target === 'sidecar') };
}

/** The Services, as `namespace/name`, whose requests inside the mesh a route is about. */
function servicesOf(object: ManifestObject, { services }: Cluster): readonly string[] {
  const spec = asObject(object.value.spec) ?? {};
  const home = namespaceOf(object);
  if (object.kind === 'VirtualService') {
    const gateways = asTexts(spec.gateways);
    if (gateways.length > 0 && !gateways.includes('mesh')) return [];
    const hosts = asTexts(spec.hosts);
    return [...services.values()]
      .filter((service) => hosts.some((host) => spellingsOf(service, home).includes(host)))
      .map(keyOf);
  }
  return asArray(spec.parentRefs).flatMap((each) => {
    const parent = asObject(each);
    return parent?.kind === 'Service' ? [`${asText(parent.namespace) ?? home}/${asText(parent.name) ?? ''}`] : [];
  });
}

/** How an object in a namespace may spell the host of a Service. */
function spellingsOf({ name, namespace, host }: Service, home: string): readonly string[] {
  return [host, `${name}.${namespace}.svc`, `${name}.${namespace}`, ...(namespace === home ? [name] : [])];
}
