import { keyOf, type Service, targetPortOf } from '../../topology/model.js';
import { decide } from '../decide.js';
import { flag, type Mesh, type MeshCluster } from '../mesh.js';
import { callerOf } from '../paths/caller.js';
import { hostsNamed } from '../paths/host-names.js';
import { knownHosts } from '../paths/known-hosts.js';
import { isVisible } from '../paths/visibility.js';
import type { Point } from '../policies/attach.js';
import type { Destination, Source } from '../request.js';
import type { LimitPatch } from './limit-patch.js';
import type { SharedFilter } from './shared-filter.js';

/** Why a proxy gets no answer from a rate limit service, or which fact is missing to say whether it does. */
export interface Obstacle {
  readonly kind: 'certain' | 'unknown';
  readonly because: string;
}

/** Whether a proxy knows the service that it is told to ask, speaks its protocol and may call it (F-64). */
export function obstacleToAsking(
  mesh: Mesh,
  at: MeshCluster,
  point: Point,
  { object }: LimitPatch,
  filter: SharedFilter,
): Obstacle | undefined {
  const { host, port } = filter;
  const named = hostsNamed(at, host).find((each) => each.port.number === port);
  const service = named?.service;
  if (named === undefined || service === undefined)
    return certain(`there is no Service with host ${host} and port ${port}`);
  if (!carriesCalls.has(named.port.protocol))
    return certain(`its port is for ${named.port.protocol}, and carries no gRPC`);
  const hidden = whyHidden(mesh, at, point, service, referenced(object.value.metadata));
  return hidden === undefined ? refusal(mesh, at, point, service, filter) : certain(hidden);
}

/** Without HTTP/2 there is no gRPC. */
const carriesCalls: ReadonlySet<string> = new Set(['grpc', 'grpc-web', 'http2']);

function certain(because: string): Obstacle {
  return { kind: 'certain', because };
}

/** What an EnvoyFilter says that its proxies ask, as `host` or `namespace/host` (F-64). */
function referenced(metadata: unknown): readonly string[] {
  const written: unknown = Object(Object(metadata).annotations)['envoyfilter.istio.io/referenced-services'];
  return typeof written === 'string' ? written.split(',') : [];
}

function whyHidden(
  mesh: Mesh,
  at: MeshCluster,
  point: Point,
  service: Service,
  names: readonly string[],
): string | undefined {
  const { host, namespace } = service;
  if (point.kind === 'waypoint') {
    const isNamed = names.includes(host) || names.includes(`${namespace}/${host}`);
    if (!isNamed) return 'a waypoint knows of other Services than its own what the annotation of the EnvoyFilter names';
    return isVisible(service, point.waypoint.namespace) ? undefined : notExported;
  }
  if (point.kind === 'gateway') {
    if (flag(at, 'PILOT_FILTER_GATEWAY_CLUSTER_CONFIG'))
      return 'PILOT_FILTER_GATEWAY_CLUSTER_CONFIG is on, and no route has to lead to it';
    return isVisible(service, point.gateway.namespace) ? undefined : notExported;
  }
  const caller = callerOf(mesh, sourceOf(point, at));
  if (caller.kind !== 'caller') return undefined;
  return knownHosts(at, caller).some((each) => each.host === host) ? undefined : 'its Sidecar leaves it out';
}

const notExported = 'it is not exported to its namespace';

/** Whether the pods of the service take the call. */
function refusal(
  mesh: Mesh,
  at: MeshCluster,
  point: Point,
  service: Service,
  { host, port }: SharedFilter,
): Obstacle | undefined {
  if (service.workloads.length === 0) return { kind: 'unknown', because: `what stands behind ${host}` };
  const payload = { kind: 'http', method: 'POST', path: callPath, host, headers: {} } as const;
  const source = sourceOf(point, at);
  const decisions = destinationsOf(at, point, service, port).map((destination) =>
    decide(mesh, { source, destination, payload }),
  );
  const denied = decisions.find(({ verdict }) => verdict.kind === 'denied');
  if (denied !== undefined) return certain(denied.because);
  const open = decisions.find(({ verdict }) => verdict.kind === 'not-modelled');
  return open && { kind: 'unknown', because: open.because };
}

const callPath = '/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit';

function sourceOf(point: Point, { cluster: { name: cluster } }: MeshCluster): Source {
  if (point.kind === 'gateway') return { kind: 'gateway', cluster, gateway: keyOf(point.gateway) };
  if (point.kind !== 'waypoint') return { kind: 'workload', cluster, workload: keyOf(point.workload) };
  const { namespace, serviceAccount } = point.waypoint;
  return { kind: 'future', cluster, speaks: 'ambient', namespace, serviceAccount };
}

/** A waypoint sends to pods, past the waypoint of their Service. */
function destinationsOf(
  { cluster: { name: cluster, workloads } }: MeshCluster,
  point: Point,
  service: Service,
  port: number,
): readonly Destination[] {
  const declared = service.ports.find(({ number }) => number === port);
  return service.workloads.flatMap((key): readonly Destination[] => {
    if (point.kind !== 'waypoint') return [{ kind: 'service', cluster, service: keyOf(service), port, workload: key }];
    const workload = workloads.get(key);
    const target = workload && declared && targetPortOf(declared, workload);
    return target === undefined ? [] : [{ kind: 'pod', cluster, workload: key, port: target }];
  });
}
