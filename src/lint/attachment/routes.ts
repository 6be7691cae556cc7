import { indexesOf } from '../../algebra/bits.js';
import type { Way } from '../../algebra/lane.js';
import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { type Destination, usualHost } from '../../mesh/request.js';
import type { JsonObject, ManifestObject, Path } from '../../parse/document.js';
import { keyOf, type Service } from '../../topology/model.js';
import { firstOf, type LintContext } from '../context.js';
import { type Evidence, evidenceOf } from '../evidence.js';

/** A route for traffic inside the mesh, and a Service that it is for. */
export interface MeshRoute {
  readonly at: MeshCluster;
  readonly object: ManifestObject;
  readonly namespace: string;
  readonly service: Service;
  /** Where the Service is named. */
  readonly place: Path;
}

/** The routes of a cluster that are for Services, one for each Service that they name. */
export function meshRoutesOf(at: MeshCluster, clusterDomain: string): readonly MeshRoute[] {
  const byHost = new Map([...at.cluster.services.values()].map((service) => [service.host, service]));
  return at.cluster.routes.flatMap((object) => {
    const { namespace = 'default', value } = object;
    const spec = asObject(value.spec) ?? {};
    const named = object.kind === 'VirtualService' ? hostsOf(spec) : parentsOf(spec, namespace);
    return named.flatMap(({ name, place }) => {
      const service = at.cluster.services.get(name) ?? byHost.get(fullHost(name, namespace, clusterDomain));
      return service === undefined ? [] : [{ at, object, namespace, service, place }];
    });
  });
}

interface Named {
  readonly name: string;
  readonly place: Path;
}

/** A VirtualService without gateways is for the mesh; one that lists them must list `mesh` (T-14). */
function hostsOf({ gateways, hosts }: JsonObject): readonly Named[] {
  const isForMesh = gateways === undefined || asTexts(gateways).includes('mesh');
  return isForMesh ? asTexts(hosts).map((name, index) => ({ name, place: ['spec', 'hosts', index] })) : [];
}

/** A DestinationRule has no parents: it is no route. */
function parentsOf({ parentRefs }: JsonObject, own: string): readonly Named[] {
  return asArray(parentRefs).flatMap((parent, index) => {
    const { kind, namespace, name } = asObject(parent) ?? {};
    if (kind !== 'Service') return [];
    const key = keyOf({ namespace: asText(namespace) ?? own, name: asText(name) ?? '' });
    return [{ name: key, place: ['spec', 'parentRefs', index, 'name'] }];
  });
}

/** Sent by a neighbour of the route or of the Service: for them it was written. One in the root namespace is for everybody. */
export function requestNearby(
  { mesh, callers }: LintContext,
  { at, namespace, service }: MeshRoute,
  way: Way,
  destination: Destination,
): Evidence | undefined {
  const sources = indexesOf(way.callers).flatMap((index) => callers.classes[index]?.sources ?? []);
  const neighbours = sources.filter(
    (source) =>
      source.kind === 'workload' &&
      !service.workloads.includes(source.workload) &&
      (namespace === at.rootNamespace ||
        [namespace, service.namespace].some((near) => source.workload.startsWith(`${near}/`))),
  );
  const payload = { kind: 'http', method: 'GET', path: '/', host: usualHost(destination), headers: {} } as const;
  return firstOf(neighbours, (source) => evidenceOf(mesh, { source, destination, payload }, 'allowed'));
}
