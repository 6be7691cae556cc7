import type { ManifestObject } from '../parse/document.js';
import { oncePer } from '../util/once.js';

/** The kinds that a topology is read from, as `group/Kind`; every other kind is counted and not read. */
export const knownKinds: ReadonlySet<string> = new Set([
  '/Namespace',
  '/Service',
  '/Pod',
  '/ReplicationController',
  '/ServiceAccount',
  '/Secret',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  'networking.k8s.io/NetworkPolicy',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiregistration.k8s.io/APIService',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
  'gateway.networking.k8s.io/ListenerSet',
  'gateway.networking.x-k8s.io/XListenerSet',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/BackendTLSPolicy',
  'gateway.networking.k8s.io/TCPRoute',
  'gateway.networking.k8s.io/TLSRoute',
  'gateway.networking.k8s.io/ReferenceGrant',
  'networking.istio.io/Gateway',
  'networking.istio.io/ServiceEntry',
  'networking.istio.io/WorkloadEntry',
  'networking.istio.io/WorkloadGroup',
  'networking.istio.io/VirtualService',
  'networking.istio.io/DestinationRule',
  'networking.istio.io/EnvoyFilter',
  'networking.istio.io/Sidecar',
  'networking.istio.io/ProxyConfig',
  'extensions.istio.io/WasmPlugin',
  'extensions.istio.io/TrafficExtension',
  'telemetry.istio.io/Telemetry',
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/PeerAuthentication',
  'security.istio.io/RequestAuthentication',
]);

/** Kinds whose name an earlier one has already, in another group. */
const sameNames: ReadonlyMap<string, string> = new Map([['networking.istio.io/Gateway', 'IstioGateway']]);

/** Whether a topology is read from objects of this kind. */
export function isKnown(object: ManifestObject): boolean {
  return kindOf(object.apiVersion)(object.kind).isKnown;
}

/** What becomes of objects of a kind, and what it is called here. */
export interface ReadKind {
  readonly isKnown: boolean;
  readonly name: string;
}

/** Of an `apiVersion`, and then of its kind. */
export const kindOf = oncePer((apiVersion: string) =>
  oncePer((kind: string): ReadKind => {
    const groupKind = groupKindOf({ apiVersion, kind });
    return { isKnown: knownKinds.has(groupKind), name: sameNames.get(groupKind) ?? kind };
  }),
);

/** `group/Kind`, whatever the version. */
export function groupKindOf(object: Pick<ManifestObject, 'apiVersion' | 'kind'>): string {
  return `${groupOf(object)}/${object.kind}`;
}

/** The API group of an object; empty for core kinds. */
export function groupOf({ apiVersion }: Pick<ManifestObject, 'apiVersion'>): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
