import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject, asText } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { Route } from '../../mesh/routes/route.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { describe, namespaceOf } from '../../topology/fields.js';
import { keyOf, type Service } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import { ownersOf } from './known-hosts.js';
import { allRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** An EnvoyFilter that changes the routes of a waypoint, and a Service that is routed there: the patch no longer applies (S-07). */
export function patchesUnhooked(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap((at) =>
    at.cluster.extensions.flatMap((object) => {
      const patches = routePatchesOf(object);
      const waypoint = patches.length === 0 ? undefined : waypointOf(at, object);
      if (waypoint === undefined) return [];
      return patches.flatMap(({ index, configuration }) => {
        const routed = routedBehind(context, at, waypoint, configuration);
        if (routed === undefined) return [];
        const { service, route } = routed;
        const parameters = { filter: describe(object), service: keyOf(service), route: describe(route), waypoint };
        return diagnostic('patch-unhooked', parameters, spanIn(object, ['spec', 'configPatches', index, 'applyTo']), {
          witness: `GET / to ${service.host} through waypoint \`${waypoint}\` is not touched by the patch`,
          ...lawsOf(
            'at a waypoint routes of a Service are made without patches of routes (istio-traffic-topology S-07)',
          ),
        });
      });
    }),
  );
}

/** The place of a patch, and the one route configuration that it is for, where it names one. */
interface RoutePatch {
  readonly index: number;
  readonly configuration: string | undefined;
}

function routePatchesOf({ kind, value }: ManifestObject): readonly RoutePatch[] {
  if (kind !== 'EnvoyFilter') return [];
  return asArray(asObject(value.spec)?.configPatches).flatMap((patch, index): readonly RoutePatch[] => {
    const { applyTo, match } = asObject(patch) ?? {};
    if (!['HTTP_ROUTE', 'VIRTUAL_HOST', 'ROUTE_CONFIGURATION'].includes(asText(applyTo) ?? '')) return [];
    return [{ index, configuration: asText(asObject(asObject(match)?.routeConfiguration)?.name) }];
  });
}

/** The waypoint that an EnvoyFilter names as its target. */
function waypointOf({ cluster }: MeshCluster, object: ManifestObject): string | undefined {
  const targets = asArray(asObject(object.value.spec)?.targetRefs).map(asObject);
  return targets
    .filter((target) => target?.kind === 'Gateway')
    .map((target) => keyOf({ namespace: namespaceOf(object), name: asText(target?.name) ?? '' }))
    .find((key) => cluster.waypoints.has(key));
}

/** A routed Service that a patch means: the name of a route configuration ends with the host. */
function routedBehind(context: LintContext, at: MeshCluster, waypoint: string, configuration = '') {
  for (const { at: own, route } of allRoutes(context)) {
    const service = own === at ? boundService(at, route, waypoint) : undefined;
    const [object] = route.objects;
    const isMeant = configuration === '' || configuration.endsWith(`|${service?.host}`);
    if (service !== undefined && object !== undefined && isMeant) return { service, route: object };
  }
  return undefined;
}

function boundService(
  at: MeshCluster,
  { hosts, attachments, namespace, http }: Route,
  waypoint: string,
): Service | undefined {
  if (http.length === 0 || !attachments.some(({ kind }) => kind === 'mesh')) return undefined;
  for (const host of hosts) {
    for (const found of ownersOf(at, host)) {
      if (found.kind !== 'Service') continue;
      const { binding } = found.owner;
      const isNear = [found.owner.namespace, waypoint.split('/')[0]].includes(namespace);
      if (binding.kind === 'bound' && binding.waypoint === waypoint && isNear) return found.owner;
    }
  }
  return undefined;
}
