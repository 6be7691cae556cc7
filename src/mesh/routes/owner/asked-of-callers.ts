import type { Service } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import type { MeshCluster } from '../../mesh.js';
import { selectorOf } from '../obeyed-rules.js';
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

/** The names of the labels that some route or DestinationRule asks of the pods of callers. */
export const labelsAsked = oncePerObject((mesh: MeshCluster): ReadonlySet<string> => {
  const matches = meshRoutesOf(mesh).all.flatMap(matchesOf);
  const selectors = mesh.versions.filter(({ isForSome }) => isForSome).map(({ object }) => selectorOf(object));
  return new Set(
    [...matches.map(({ sourceLabels }) => sourceLabels), ...selectors].flatMap((labels) => Object.keys(labels)),
  );
});

function matchesOf({ http, tls, tcp }: Route): readonly ProxyMatch[] {
  const rules = [...http, ...tls, ...tcp];
  return rules.flatMap(({ matches }) => matches.map(({ proxy }) => proxy));
}
