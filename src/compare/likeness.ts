import type { MeshCluster } from '../mesh/mesh.js';
import { egressPoliciesOf, ingressPoliciesOf } from '../mesh/network-policies/policy.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from '../mesh/policies/attach.js';
import { foreignPolicyAt } from '../mesh/policies/foreign-policies.js';
import type { ManifestObject } from '../parse/document.js';
import { type Binding, keyOf, type Service, type Workload } from '../topology/model.js';
import { allSpeakMutualTls, labelledTlsMode } from '../topology/tls-mode.js';
import type { States } from './states.js';
import { shapeOf } from './touched.js';

/**
 * All that a comparison of a workload looks at, in both states. Of the workloads of a namespace that have it in common one
 * is compared for all: they stand under the very same policies, or under such as are alike to whoever says what they are.
 */
export function likenessIn(
  { before, after }: States,
  saidBy: (policy: ManifestObject) => unknown = itself,
): (workload: Workload) => string {
  const numbers = new Map<unknown, number>();
  const numberOf = (thing: unknown) => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
  const policyNumber = (policy: ManifestObject) => numberOf(saidBy(policy));
  return ({ cluster, ...names }) => {
    const texts = [before, after].map(({ mesh }) => {
      const at = mesh.clusters.get(cluster);
      const workload = at?.cluster.workloads.get(keyOf(names));
      return at && workload ? factsOf(at, workload, { numberOf, policyNumber }) : [];
    });
    return JSON.stringify([cluster, names.namespace, texts]);
  };
}

interface Numbers {
  numberOf(thing: unknown): number;
  policyNumber(policy: ManifestObject): number;
}

function itself(policy: ManifestObject): unknown {
  return policy;
}

function factsOf(at: MeshCluster, workload: Workload, numbers: Numbers): readonly unknown[] {
  const { mode, annotations, labels, ports, services, binding } = workload;
  const bound = services.flatMap((key) => at.cluster.services.get(key) ?? []);
  const pods = mode.plane === 'ambient' ? 'ztunnel' : 'sidecar';
  return [
    [mode.plane, mode.hbone, labelledTlsMode(workload), annotations, ports, labels['istio.io/use-waypoint-canary']],
    enforcedAt({ kind: pods, workload }, at, numbers),
    peerAuthenticationAt(pods, workload, at).map(({ object }) => numbers.policyNumber(object)),
    [ingressPoliciesOf, egressPoliciesOf].map((governing) => {
      return governing(at, workload.namespace, labels).map(({ object }) => numbers.policyNumber(object));
    }),
    enforcedBefore(at, binding, undefined, numbers),
    ...bound.map((service) => [
      shapeOf(service),
      service.headless && allSpeakMutualTls(at.cluster, service),
      service.ingressUsesWaypoint,
      at.tlsSettings.get(service.host),
      enforcedBefore(at, service.binding, service, numbers),
    ]),
  ];
}

function enforcedBefore(at: MeshCluster, binding: Binding, service: Service | undefined, numbers: Numbers): unknown {
  const waypoint = binding.kind === 'bound' ? at.cluster.waypoints.get(binding.waypoint) : undefined;
  if (waypoint === undefined) return binding;
  return [numbers.numberOf(waypoint), enforcedAt({ kind: 'waypoint', waypoint, service }, at, numbers)];
}

function enforcedAt(point: Point, at: MeshCluster, { policyNumber }: Numbers): readonly unknown[] {
  const policies = [...authorizationAt(point, at).map(({ policy }) => policy), ...requestAuthenticationAt(point, at)];
  return [...policies.map(({ object }) => policyNumber(object)), foreignPolicyAt(point, at)];
}
