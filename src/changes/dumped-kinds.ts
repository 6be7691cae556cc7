import type { ManifestObject } from '../parse/document.js';
import { groupKindOf } from '../topology/known-kinds.js';

/** A kind that has a say in what becomes of requests. */
export interface DumpedKind {
  readonly kind: string;
  /** As kubectl names it, with its group. */
  readonly resource: string;
  /** Whether every cluster has objects of it: Kubernetes makes some by itself. */
  readonly isEverywhere?: true;
  readonly isOfCluster?: true;
}

/**
 * What a dump is asked for. Secrets are left where they are, and so is what only deploys: what the project has of kinds that
 * nobody asks for is taken to be in the cluster.
 */
export const dumpedKinds: readonly DumpedKind[] = [
  { kind: 'Namespace', resource: 'namespaces', isEverywhere: true, isOfCluster: true },
  { kind: 'ServiceAccount', resource: 'serviceaccounts', isEverywhere: true },
  { kind: 'Service', resource: 'services', isEverywhere: true },
  { kind: 'Pod', resource: 'pods', isEverywhere: true },
  { kind: 'Deployment', resource: 'deployments.apps', isEverywhere: true },
  { kind: 'StatefulSet', resource: 'statefulsets.apps' },
  { kind: 'DaemonSet', resource: 'daemonsets.apps' },
  { kind: 'ReplicaSet', resource: 'replicasets.apps', isEverywhere: true },
  { kind: 'ReplicationController', resource: 'replicationcontrollers' },
  { kind: 'Job', resource: 'jobs.batch' },
  { kind: 'CronJob', resource: 'cronjobs.batch' },
  { kind: 'EndpointSlice', resource: 'endpointslices.discovery.k8s.io', isEverywhere: true },
  { kind: 'NetworkPolicy', resource: 'networkpolicies.networking.k8s.io' },
  {
    kind: 'MutatingWebhookConfiguration',
    resource: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    isOfCluster: true,
  },
  { kind: 'AuthorizationPolicy', resource: 'authorizationpolicies.security.istio.io' },
  { kind: 'PeerAuthentication', resource: 'peerauthentications.security.istio.io' },
  { kind: 'RequestAuthentication', resource: 'requestauthentications.security.istio.io' },
  { kind: 'VirtualService', resource: 'virtualservices.networking.istio.io' },
  { kind: 'DestinationRule', resource: 'destinationrules.networking.istio.io' },
  { kind: 'ServiceEntry', resource: 'serviceentries.networking.istio.io' },
  { kind: 'WorkloadEntry', resource: 'workloadentries.networking.istio.io' },
  { kind: 'WorkloadGroup', resource: 'workloadgroups.networking.istio.io' },
  { kind: 'Sidecar', resource: 'sidecars.networking.istio.io' },
  { kind: 'Gateway', resource: 'gateways.networking.istio.io' },
  { kind: 'EnvoyFilter', resource: 'envoyfilters.networking.istio.io' },
  { kind: 'ProxyConfig', resource: 'proxyconfigs.networking.istio.io' },
  { kind: 'Telemetry', resource: 'telemetries.telemetry.istio.io' },
  { kind: 'WasmPlugin', resource: 'wasmplugins.extensions.istio.io' },
  { kind: 'TrafficExtension', resource: 'trafficextensions.extensions.istio.io' },
  { kind: 'GatewayClass', resource: 'gatewayclasses.gateway.networking.k8s.io', isOfCluster: true },
  { kind: 'Gateway', resource: 'gateways.gateway.networking.k8s.io' },
  { kind: 'ListenerSet', resource: 'listenersets.gateway.networking.k8s.io' },
  { kind: 'XListenerSet', resource: 'xlistenersets.gateway.networking.x-k8s.io' },
  { kind: 'HTTPRoute', resource: 'httproutes.gateway.networking.k8s.io' },
  { kind: 'GRPCRoute', resource: 'grpcroutes.gateway.networking.k8s.io' },
  { kind: 'TCPRoute', resource: 'tcproutes.gateway.networking.k8s.io' },
  { kind: 'TLSRoute', resource: 'tlsroutes.gateway.networking.k8s.io' },
  { kind: 'BackendTLSPolicy', resource: 'backendtlspolicies.gateway.networking.k8s.io' },
  { kind: 'ReferenceGrant', resource: 'referencegrants.gateway.networking.k8s.io' },
];

const byGroupKind = new Map(
  dumpedKinds.map((each) => [`${each.resource.split('.').slice(1).join('.')}/${each.kind}`, each]),
);

/** `undefined`: of a kind that nobody asks for. */
export function dumpedKindOf(object: ManifestObject): DumpedKind | undefined {
  return byGroupKind.get(groupKindOf(object));
}
