import type { Service } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import type { MeshCluster } from '../../mesh.js';
import type { ProxyMatch, Route } from '../route.js';
import { meshRoutesOf, routesNaming } from './mesh-routes.js';

/**
 * The namespaces of which routes for a host make a difference to the proxies of callers. The only one of the Gateway API
 * is for all of them, if it is of the Service's own namespace.
 */
export function namespacesAskedBy(
  mesh: MeshCluster,
  { host, namespace: home }: Pick<Service, 'host' | 'namespace'>,
): readonly string[] {
  const routes = routesNaming(mesh, host);
  return routes.flatMap((route) => [
    ...(route.reach === 'by-parent' && !(routes.length === 1 && route.namespace === home) ? [route.namespace] : []),
    ...(route.exportTo.includes('*') ? [] : [route.namespace, ...route.exportTo]),
    ...matchesOf(route).flatMap(({ sourceNamespace }) => sourceNamespace ?? []),
  ]);
}

/** The names of the labels that some route of the mesh asks of the pods of callers. */
export const labelsAsked = oncePerObject((mesh: MeshCluster): ReadonlySet<string> => {
  const matches = meshRoutesOf(mesh).all.flatMap(matchesOf);
  return new Set(matches.flatMap(({ sourceLabels }) => Object.keys(sourceLabels)));
});

function matchesOf({ http, tls, tcp }: Route): readonly ProxyMatch[] {
  const rules = [...http, ...tls, ...tcp];
  return rules.flatMap(({ matches }) => matches.map(({ proxy }) => proxy));
}
