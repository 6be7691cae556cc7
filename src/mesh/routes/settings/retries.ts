import { asObject } from '../../json.js';
import type { MeshCluster } from '../../mesh.js';
import { defaultConditions, retriesOf } from '../read/route-settings.js';
import type { StatedRetries } from '../route.js';
import type { Retries } from './effective.js';
import { meshDefault } from './mesh-default.js';
import { byDefault, open, type Setting, saidBy } from './setting.js';

const once: Omit<StatedRetries, 'attempts' | 'conditions'> = {
  perTryTimeout: undefined,
  statusCodes: [],
  backoff: undefined,
  avoidsTriedPods: undefined,
  triesOtherLocalities: false,
};

/** What Envoy does where a route says nothing of retries, or where there is no route at a sidecar (T-35). */
const ofMesh: StatedRetries = { ...once, attempts: 2, conditions: defaultConditions };

/** What it does where requests come in: it tries again what was cut off before it was sent. */
const ofInbound: Retries = { ...once, attempts: 2, conditions: ['reset-before-request'], avoidsTriedPods: false };

/** The default of the mesh. A pod that failed is tried again only where requests are bound to pods. */
export function defaultRetries(mesh: MeshCluster, bindsToPods: boolean): Setting<Retries | undefined> {
  const said = meshDefault(mesh, 'defaultHttpRetryPolicy');
  if (said === undefined) return byDefault(completed(ofMesh, bindsToPods));
  const retries = retriesOf({ value: asObject(said.value) ?? {}, place: said.place });
  return saidBy(retries && completed(retries, bindsToPods), said);
}

export function completed(stated: StatedRetries, bindsToPods: boolean): Retries {
  return { ...stated, avoidsTriedPods: stated.avoidsTriedPods ?? !bindsToPods };
}

/** What a waypoint does for a Service without routes: as where requests come in until 1.30.3, as a sidecar since (T-35). */
export function retriesOfWaypoint(mesh: MeshCluster, protocol: string): Setting<Retries | undefined> {
  switch (mesh.cluster.settings.istio.version) {
    case '1.28':
    case '1.29':
      return byDefault(isGrpc(protocol) ? undefined : ofInbound);
    case '1.30':
      return open('whether the waypoint is of 1.30.3 or later, which repeats requests as sidecars do (T-35)');
    default:
      return defaultRetries(mesh, false);
  }
}

function isGrpc(protocol: string): boolean {
  return protocol === 'grpc' || protocol === 'grpc-web';
}
