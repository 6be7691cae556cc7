import { asArray, asObject, asText } from '../../../src/mesh/json.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import type { Request } from '../../../src/mesh/request.js';
import type { JsonObject } from '../../../src/parse/document.js';
import type { IstioSettings } from '../../../src/parse/mesh.js';
import type { Binding, Cluster } from '../../../src/topology/model.js';
import { templateHash } from '../../../src/topology/rollouts/template-hash.js';
import { sortedUnique } from '../../../src/util/order.js';
import type { Standing } from '../cases/standing.js';
import type { JudgeCase, JudgeSettings, JudgeTopology } from '../contract.js';

/** A cluster and what is asked of it, as the judge reads it. */
export function judgeCaseOf(standing: Standing, mesh: Mesh, requests: readonly Request[]): JudgeCase {
  const { name, cluster, objects } = standing;
  const at = mesh.clusters.get(cluster)?.cluster;
  if (at === undefined) throw new Error(`${name}: the mesh has no cluster ${cluster}`);
  return {
    name,
    cluster,
    objects: objects.map(withKeysOfJudge).map(withoutRelease),
    settings: settingsOf(mesh, at, objects),
    topology: topologyOf(at),
    requests: requests.map((request, id) => ({ id, ...request, follow: isRouted(request) })),
  };
}

/** What is sent to a Service or a pod goes where the proxies on its way lead it. At a gateway its listener and policies are asked alone. */
function isRouted({ destination }: Request): boolean {
  return destination.kind === 'service' || destination.kind === 'pod';
}

/** Tokens are signed by the judge, so that its keys stand wherever an issuer's would. */
function withKeysOfJudge(object: JsonObject): JsonObject {
  const spec = asObject(object.spec);
  if (object.kind !== 'RequestAuthentication' || !Array.isArray(spec?.jwtRules)) return object;
  const jwtRules = asArray(spec.jwtRules).flatMap((rule) => {
    const { jwksUri, jwks_uri, ...rest } = asObject(rule) ?? {};
    return { ...rest, jwks: 'JUDGE' };
  });
  return { ...object, spec: { ...spec, jwtRules } };
}

/** The judge starts a pod of each template, which lacks the label of a release: Services select it by the others (F-50). */
function withoutRelease(object: JsonObject): JsonObject {
  const spec = asObject(object.spec);
  const selector = asObject(spec?.selector);
  if (object.kind !== 'Service' || selector?.[templateHash] === undefined) return object;
  const others = Object.entries(selector).filter(([label]) => label !== templateHash);
  return { ...object, spec: { ...spec, selector: Object.fromEntries(others) } };
}

function settingsOf(mesh: Mesh, { settings }: Cluster, objects: readonly JsonObject[]): JudgeSettings {
  const { rootNamespace, clusterDomain } = mesh.topology.mesh;
  const { revision, sidecarsListenHbone, excludeNamespaces, extensionProviders } = settings.istio;
  const declared = extensionProviders?.map(({ name }) => name);
  return {
    trustDomain: settings.trustDomain,
    trustDomainAliases: settings.trustDomainAliases,
    rootNamespace,
    clusterDomain,
    revision,
    sidecarsListenHbone,
    excludeNamespaces,
    providers: declared ?? sortedUnique(objects.flatMap(providerOf)),
    meshConfig: meshConfigOf(settings.istio),
  };
}

/** What the model takes from a MeshConfig, as one. */
function meshConfigOf(istio: IstioSettings): object {
  const { enableAutoMtls, pathNormalization, outboundTrafficPolicy, discoverySelectors } = istio;
  const { defaultServiceExportTo, defaultVirtualServiceExportTo, defaultDestinationRuleExportTo } = istio;
  const { numTrustedProxies } = istio.gatewayTopology;
  const lists = {
    discoverySelectors,
    defaultServiceExportTo,
    defaultVirtualServiceExportTo,
    defaultDestinationRuleExportTo,
  };
  return {
    enableAutoMtls,
    pathNormalization: { normalization: pathNormalization },
    outboundTrafficPolicy: { mode: outboundTrafficPolicy },
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(numTrustedProxies !== undefined && { defaultConfig: { gatewayTopology: { numTrustedProxies } } }),
  };
}

function providerOf({ kind, spec }: JsonObject): readonly string[] {
  const name = asText(asObject(asObject(spec)?.provider)?.name);
  return kind === 'AuthorizationPolicy' && name !== undefined ? [name] : [];
}

function topologyOf({ workloads, services, gateways, waypoints }: Cluster): JudgeTopology {
  const boundTo = (binding: Binding) => {
    const waypoint = waypointOf(binding);
    // Of waypoints that are none of Istio's own the judge runs none.
    return waypoints.get(waypoint)?.className === 'istio-waypoint' || waypoint === '-' ? { binding: waypoint } : {};
  };
  return {
    workloads: [...workloads].map(([key, { object, mode, binding }]) => ({
      key,
      kind: object.kind,
      ns: object.namespace ?? 'default',
      name: object.name,
      plane: mode.plane,
      hbone: mode.hbone,
      ...boundTo(binding),
    })),
    services: [...services].map(([key, { binding, ports }]) => ({
      key,
      ...boundTo(binding),
      ports: ports.map(({ number, protocol, layer }) => ({ number, protocol, layer })),
    })),
    gateways: [...gateways].map(([key, { kind, namespace, podLabels }]) => ({ key, kind, ns: namespace, podLabels })),
  };
}

/** A waypoint of a Service without a virtual IP governs nothing, and istiod writes it down all the same. */
function waypointOf(binding: Binding): string {
  const isWritten = binding.kind === 'bound' || (binding.kind === 'broken' && binding.reason === 'no-vip');
  return isWritten ? binding.waypoint : '-';
}
