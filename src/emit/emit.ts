import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { type PlacedIr, type PlacedRoute, realisedRules } from '../ir/policy-ir.js';
import { type ManifestObject, spanIn } from '../parse/document.js';
import type { Cluster } from '../topology/model.js';
import { assert } from '../util/assert.js';
import { sortBy } from '../util/order.js';
import { authorizationPolicy } from './authorization-policy.js';
import { httpRoutes } from './http-route.js';
import { type Manifest, phases } from './manifest.js';
import { peerAuthentication } from './peer-authentication.js';
import type { Provenance } from './provenance.js';
import { virtualService } from './virtual-service.js';
import { enrolment, waypoint } from './waypoint.js';

/** Turns decisions into objects, ordered by cluster, phase, namespace, kind and name. */
export function emit(placed: PlacedIr, provenance: Provenance): Result<readonly Manifest[]> {
  const route = (each: PlacedRoute) =>
    each.form === 'HTTPRoute' ? httpRoutes(each, provenance) : virtualService(each, provenance);
  const manifests = sortBy(
    [
      ...placed.waypoints.flatMap((each) => waypoint(each, provenance)),
      ...placed.policies.map((each) => authorizationPolicy(each, provenance)),
      ...placed.peerAuthentications.map((each) => peerAuthentication(each, provenance)),
      ...placed.routes.flatMap(route),
      ...placed.enrolments.map((each) => enrolment(each, provenance)),
    ],
    ({ cluster }) => cluster,
    ({ phase }) => phases.indexOf(phase),
    ({ object }) => object.metadata.namespace ?? '',
    ({ object }) => object.kind,
    ({ object }) => object.metadata.name,
  );
  checkConservation(placed, manifests);
  return { value: manifests, diagnostics: [...checkNames(manifests), ...checkExisting(placed, manifests)] };
}

/** Every rule that was placed is in some object: none is lost between decision and text. */
function checkConservation(placed: PlacedIr, manifests: readonly Manifest[]): void {
  const emitted = new Set(manifests.flatMap(({ realises }) => realises));
  for (const rule of realisedRules(placed)) assert(emitted.has(rule), `rule ${rule} is placed and emitted`);
}

/** Kubernetes' limit for names of these kinds; a Service's name is a DNS label. */
function limitOf(kind: string): number {
  return kind === 'Service' || kind === 'Gateway' ? 63 : 253;
}

function checkNames(manifests: readonly Manifest[]): Diagnostic[] {
  const seen = new Set<string>();
  return manifests.flatMap(({ cluster, object }) => {
    const { kind, metadata } = object;
    const name = `${metadata.namespace ?? ''}/${metadata.name}`;
    const key = `${cluster} ${object.apiVersion} ${kind} ${name}`;
    const found: Diagnostic[] = [];
    const limit = limitOf(kind);
    if (metadata.name.length > limit)
      found.push(diagnostic('name-too-long', { kind, name, length: metadata.name.length, limit }, null));
    if (seen.has(key)) found.push(diagnostic('object-twice', { kind, name }, null));
    seen.add(key);
    return found;
  });
}

/** An object of somebody else's is never replaced. Labels for a Service are merged into it, and are no replacement. */
function checkExisting({ topology }: PlacedIr, manifests: readonly Manifest[]): Diagnostic[] {
  const foreign = new Map(topology.clusters.map((cluster) => [cluster.name, foreignObjects(cluster)]));
  return manifests.flatMap(({ cluster, phase, object }) => {
    const name = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const existing = phase === '30-enrolment' ? undefined : foreign.get(cluster)?.get(`${object.kind} ${name}`);
    return existing
      ? [diagnostic('object-exists', { kind: object.kind, name }, spanIn(existing, ['metadata', 'name']))]
      : [];
  });
}

function foreignObjects(cluster: Cluster): Map<string, ManifestObject> {
  const objects = [
    ...cluster.policies,
    ...cluster.routes,
    ...[...cluster.services.values(), ...cluster.waypoints.values(), ...cluster.gateways.values()].map(
      ({ object }) => object,
    ),
  ];
  return new Map(
    objects
      .filter((object) => !isManaged(object))
      .map((object) => [`${object.kind} ${object.namespace ?? 'default'}/${object.name}`, object]),
  );
}

function isManaged({ value }: ManifestObject): boolean {
  return Object(Object(value['metadata']).labels)['app.kubernetes.io/managed-by'] === 'ambit';
}
