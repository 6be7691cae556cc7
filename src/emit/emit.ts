import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Note, Result, Span } from '../diagnostics/diagnostic.js';
import type { PlacedRoute } from '../ir/placed-traffic.js';
import { type PlacedIr, realisedRules } from '../ir/policy-ir.js';
import { isManaged, type ManifestObject, spanIn } from '../parse/document.js';
import type { Cluster } from '../topology/model.js';
import { assert } from '../util/assert.js';
import { oncePerObject } from '../util/once.js';
import { groupBy, sortBy } from '../util/order.js';
import { authorizationPolicy } from './authorization-policy.js';
import { destinationRule } from './endpoints/destination-rule.js';
import { gatewayConnections } from './gateways/connections.js';
import { gateway, gatewayOptions } from './gateways/gateway.js';
import { envoyFilter } from './limits/envoy-filter.js';
import { limitConfig } from './limits/limit-config.js';
import { type Manifest, phases } from './manifest.js';
import { networkPolicy } from './network-policy.js';
import { peerAuthentication } from './peer-authentication.js';
import type { Provenance } from './provenance.js';
import { requestAuthentication } from './request-authentication.js';
import { egress } from './routes/egress.js';
import { gatewayApiRoutes } from './routes/gateway-api-routes.js';
import { gatewayRoute, referenceGrant } from './routes/gateway-route.js';
import { versionService } from './routes/version-service.js';
import { virtualService } from './routes/virtual-service.js';
import { serviceEntry } from './service-entry.js';
import { sidecar } from './sidecar.js';
import { withSyncWave } from './sync-wave.js';
import { telemetry } from './telemetry.js';
import { enrolment, waypoint } from './waypoint.js';

interface EmitOptions {
  readonly provenance: Provenance;
  /** Whether every object says in which of Argo CD's sync waves it belongs. */
  readonly syncWaves: boolean;
}

/** What is placed as it was in an earlier run is written already. */
function writtenOnce<T extends object, V extends object>(
  write: (placed: T, provenance: Provenance) => V,
): (placed: T, provenance: Provenance) => V {
  const writers = {
    full: oncePerObject((placed: T) => write(placed, 'full')),
    ids: oncePerObject((placed: T) => write(placed, 'ids')),
    none: oncePerObject((placed: T) => write(placed, 'none')),
  };
  return (placed, provenance) => writers[provenance](placed);
}

const writeWaypoint = writtenOnce(waypoint);
const writePolicy = writtenOnce(authorizationPolicy);
const writePeerAuthentication = writtenOnce(peerAuthentication);
const writeRequestAuthentication = writtenOnce(requestAuthentication);
const writeEnrolment = writtenOnce(enrolment);
const inSyncWave = oncePerObject(withSyncWave);

/** Turns decisions into objects, ordered by cluster, phase, namespace, kind and name. */
export function emit(placed: PlacedIr, { provenance, syncWaves }: EmitOptions): Result<readonly Manifest[]> {
  const route = (each: PlacedRoute) =>
    each.form === 'HTTPRoute' ? gatewayApiRoutes(each, provenance) : [virtualService(each, provenance)];
  const manifests = sortBy(
    [
      ...placed.waypoints.flatMap((each) => writeWaypoint(each, provenance)),
      ...placed.plannedGateways.flatMap((each) => [gateway(each, provenance), ...gatewayOptions(each, provenance)]),
      ...placed.policies.map((each) => writePolicy(each, provenance)),
      ...placed.peerAuthentications.map((each) => writePeerAuthentication(each, provenance)),
      ...placed.requestAuthentications.map((each) => writeRequestAuthentication(each, provenance)),
      ...placed.routes.flatMap(route),
      ...placed.egress.flatMap((each) => egress(each, provenance)),
      ...placed.serviceEntries.map((each) => serviceEntry(each, provenance)),
      ...placed.versionServices.map((each) => versionService(each, provenance)),
      ...placed.gatewayRoutes.map((each) => gatewayRoute(each, provenance)),
      ...placed.gatewayConnections.map((each) => gatewayConnections(each, provenance)),
      ...placed.grants.map((each) => referenceGrant(each, provenance)),
      ...placed.destinationRules.map((each) => destinationRule(each, provenance)),
      ...placed.sidecars.map((each) => sidecar(each, provenance)),
      ...placed.networkPolicies.map((each) => networkPolicy(each, provenance)),
      ...placed.limits.map((each) => envoyFilter(each, provenance)),
      ...placed.limitConfigs.map((each) => limitConfig(each, provenance)),
      ...placed.telemetry.map((each) => telemetry(each, provenance)),
      ...placed.enrolments.map((each) => writeEnrolment(each, provenance)),
    ],
    ({ cluster }) => cluster,
    ({ phase }) => phases.indexOf(phase),
    ({ object }) => object.metadata.namespace ?? '',
    ({ object }) => object.kind,
    ({ object }) => object.metadata.name,
  );
  const origins = realisedRules(placed);
  checkConservation(origins, manifests);
  const value = syncWaves ? manifests.map(inSyncWave) : manifests;
  return { value, diagnostics: [...checkNames(origins, manifests), ...checkExisting(placed, manifests)] };
}

/** Every rule that was placed is in some object: none is lost between decision and text. */
function checkConservation(origins: Origins, manifests: readonly Manifest[]): void {
  const emitted = new Set<string>();
  for (const { realises } of manifests) for (const rule of realises) emitted.add(rule);
  for (const rule of origins.keys()) assert(emitted.has(rule), `rule ${rule} is placed and emitted`);
}

/** Kubernetes' limit for names of these kinds; a Service's name is a DNS label. */
function limitOf(kind: string): number {
  return kind === 'Service' || kind === 'Gateway' ? 63 : 253;
}

function checkNames(origins: Origins, manifests: readonly Manifest[]): Diagnostic[] {
  const seen = new Map<string, Manifest>();
  return manifests.flatMap((manifest) => {
    const { kind, apiVersion, metadata } = manifest.object;
    const name = `${metadata.namespace ?? ''}/${metadata.name}`;
    const key = `${manifest.cluster} ${apiVersion} ${kind} ${name}`;
    const earlier = seen.get(key);
    seen.set(key, manifest);
    const { length } = metadata.name;
    const limit = limitOf(kind);
    if (length <= limit && earlier === undefined) return [];
    const span = spanOf(manifest, origins);
    return [
      ...(length > limit ? [diagnostic('name-too-long', { kind, name, length, limit }, span)] : []),
      ...(earlier ? [diagnostic('object-twice', { kind, name }, span, otherOf(earlier, origins))] : []),
    ];
  });
}

type Origins = ReturnType<typeof realisedRules>;

/** Where the first rule is written that an object realises. */
function spanOf({ realises }: Manifest, origins: Origins): Span | null {
  return realises.flatMap((rule) => origins.get(rule)?.span ?? [])[0] ?? null;
}

function otherOf(earlier: Manifest, origins: Origins): { readonly notes?: readonly Note[] } {
  const span = spanOf(earlier, origins);
  return span ? { notes: [{ message: 'the other is for this rule', span }] } : {};
}

/** An object that Ambit did not write is never replaced. Labels for a Service are merged into it, and are no replacement. */
function checkExisting({ topology }: PlacedIr, manifests: readonly Manifest[]): Diagnostic[] {
  const foreign = new Map(topology.clusters.map((cluster) => [cluster.name, foreignObjects(cluster)]));
  return manifests.flatMap(({ cluster, phase, object }) => {
    const ofKind = phase === '30-enrolment' ? undefined : foreign.get(cluster)?.get(object.kind);
    if (ofKind === undefined) return [];
    const name = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const existing = ofKind.get(name);
    return existing
      ? [diagnostic('object-exists', { kind: object.kind, name }, spanIn(existing, ['metadata', 'name']))]
      : [];
  });
}

/** By kind, and by namespace and name. */
const foreignObjects = oncePerObject((cluster: Cluster): ReadonlyMap<string, ReadonlyMap<string, ManifestObject>> => {
  const objects = [
    ...cluster.policies,
    ...cluster.networkPolicies,
    ...cluster.routes,
    ...[
      ...cluster.services.values(),
      ...cluster.serviceEntries.values(),
      ...cluster.waypoints.values(),
      ...cluster.gateways.values(),
    ].map(({ object }) => object),
    ...cluster.sidecars,
    ...cluster.telemetries,
    ...cluster.extensions,
    ...cluster.limitConfigs,
  ];
  const byKind = groupBy(
    objects.filter((object) => !isManaged(object)),
    ({ kind }) => kind,
  );
  const inKind = (all: readonly ManifestObject[]) =>
    new Map(all.map((object) => [`${object.namespace ?? 'default'}/${object.name}`, object]));
  return new Map([...byKind].map(([kind, all]) => [kind, inKind(all)]));
});
