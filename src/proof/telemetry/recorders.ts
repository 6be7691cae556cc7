import { placesOf } from '../../mesh/doubts/doubt.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Point } from '../../mesh/policies/attach.js';
import type { ResolvedTelemetry } from '../../resolve/resolved-telemetry.js';
import { type Gateway, keyOf, type Service, type Workload } from '../../topology/model.js';
import { sortBy } from '../../util/order.js';

/** A proxy that records, and the settings that hold for it, the widest first. */
export interface Recorder {
  readonly at: MeshCluster;
  readonly point: Point;
  /** The workload, Service or gateway whose requests they are. */
  readonly subject: string;
  readonly settings: readonly ResolvedTelemetry[];
}

/** Every Envoy proxy of which settings speak. ztunnel reads no Telemetry, and the compiler says so of it. */
export function recordersOf({ clusters }: Mesh, all: readonly ResolvedTelemetry[]): readonly Recorder[] {
  return [...clusters.values()].flatMap((at) =>
    placesOf(at).flatMap(({ name: subject, point }) => {
      if (point.kind === 'ztunnel') return [];
      const holding = all.filter((each) => isFor(each, point, at.cluster.name));
      const settings = sortBy(holding, ({ scope }) => nearness[scope.kind]);
      return settings.length === 0 ? [] : [{ at, point, subject, settings }];
    }),
  );
}

/** How near a scope is to the proxies that it holds. */
const nearness = { mesh: 0, namespace: 1, service: 2, workload: 2, gateway: 2 } as const;

function isFor(telemetry: ResolvedTelemetry, point: Point, cluster: string): boolean {
  if (point.kind === 'gateway') return isForGateway(telemetry, point.gateway);
  if (point.kind !== 'waypoint') return isForWorkload(telemetry, point.workload, cluster);
  return point.service !== undefined && isForService(telemetry, point.service, cluster);
}

function isForGateway({ scope, gateways }: ResolvedTelemetry, gateway: Gateway): boolean {
  if (scope.kind === 'mesh') return true;
  if (scope.kind === 'namespace') return scope.namespace === gateway.namespace;
  const keys = gateway.listeners.map(({ object }) =>
    keyOf({ namespace: object.namespace ?? 'default', name: object.name }),
  );
  return gateways.some((meant) => meant.cluster === gateway.cluster && keys.includes(keyOf(meant)));
}

function isForWorkload({ scope, destinations }: ResolvedTelemetry, workload: Workload, cluster: string): boolean {
  if (scope.kind === 'mesh') return true;
  if (scope.kind === 'namespace') return scope.namespace === workload.namespace;
  const key = keyOf(workload);
  return destinations.some((each) => each.cluster === cluster && each.workloads.some((pod) => keyOf(pod) === key));
}

function isForService({ scope, destinations }: ResolvedTelemetry, service: Service, cluster: string): boolean {
  if (scope.kind === 'mesh') return true;
  if (scope.kind === 'namespace') return scope.namespace === service.namespace;
  const key = keyOf(service);
  return destinations.some((each) => each.cluster === cluster && each.service && keyOf(each.service) === key);
}
