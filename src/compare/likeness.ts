import type { MeshCluster } from '../mesh/mesh.js';
import { egressPoliciesOf, ingressPoliciesOf } from '../mesh/network-policies/policy.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from '../mesh/policies/attach.js';
import { foreignPolicyAt } from '../mesh/policies/foreign-policies.js';
import { type Binding, keyOf, type Service, type Workload } from '../topology/model.js';
import { allSpeakMutualTls, labelledTlsMode } from '../topology/tls-mode.js';
import type { States } from './states.js';
import { shapeOf } from './touched.js';

/**
 * All that a comparison of a workload looks at, in both states. Of the workloads of a namespace that have it in common one
 * is compared for all: they stand under the very same policies.
 */
export function likenessIn({ before, after }: States): (workload: Workload) => string {
  const numbers = new Map<unknown, number>();
  const numberOf = (thing: unknown) => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
  return ({ cluster, ...names }) => {
    const texts = [before, after].map(({ mesh }) => {
      const at = mesh.clusters.get(cluster);
      const workload = at?.cluster.workloads.get(keyOf(names));
      return at && workload ? factsOf(at, workload, numberOf) : [];
    });
    return JSON.stringify([cluster, names.namespace, texts]);
  };
}

type NumberOf = (thing: unknown) => number;

function factsOf(at: MeshCluster, workload: Workload, numberOf: NumberOf): readonly unknown[] {
  const { mode, annotations, labels, ports, services, binding } = workload;
  const bound = services.flatMap((key) => at.cluster.services.get(key) ?? []);
  const pods = mode.plane === 'ambient' ? 'ztunnel' : 'sidecar';
  return [
    [mode.plane, mode.hbone, labelledTlsMode(workload), annotations, ports, labels['istio.io/use-waypoint-canary']],
    enforcedAt({ kind: pods, workload }, at).map(numberOf),
    peerAuthenticationAt(pods, workload, at).map(numberOf),
    [ingressPoliciesOf, egressPoliciesOf].map((governing) => {
      return governing(at, workload.namespace, labels).map(({ object }) => numberOf(object));
    }),
    enforcedBefore(at, binding, undefined, numberOf),
    ...bound.map((service) => [
      shapeOf(service),
      service.headless && allSpeakMutualTls(at.cluster, service),
      service.ingressUsesWaypoint,
      at.tlsSettings.get(service.host),
      enforcedBefore(at, service.binding, service, numberOf),
    ]),
  ];
}

function enforcedBefore(at: MeshCluster, binding: Binding, service: Service | undefined, numberOf: NumberOf): unknown {
  const waypoint = binding.kind === 'bound' ? at.cluster.waypoints.get(binding.waypoint) : undefined;
  if (waypoint === undefined) return binding;
  return [numberOf(waypoint), enforcedAt({ kind: 'waypoint', waypoint, service }, at).map(numberOf)];
}

function enforcedAt(point: Point, at: MeshCluster): readonly unknown[] {
  return [...authorizationAt(point, at), ...requestAuthenticationAt(point, at), foreignPolicyAt(point, at)];
}
