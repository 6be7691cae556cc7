import type { ManifestObject, Path } from '../parse/document.js';
import type { ClusterSettings, GatewayTopology, LabelSelector, MeshSettings } from '../parse/mesh.js';

/** The deployment as it is: every cluster's objects, with what Istio makes of them. Pure data, deterministic order. */
export interface Topology {
  readonly mesh: MeshSettings;
  /** Sorted by name. */
  readonly clusters: readonly Cluster[];
}

export interface Cluster {
  readonly name: string;
  readonly settings: ClusterSettings;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** By `namespace/name`, sorted; likewise below. */
  readonly services: ReadonlyMap<string, Service>;
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly waypoints: ReadonlyMap<string, Waypoint>;
  /** Ingress and egress gateways, both those of Gateway API and classic gateway Deployments. */
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly serviceEntries: ReadonlyMap<string, ServiceEntry>;
  /** `namespace/name` of every ServiceAccount that exists or that a workload uses. */
  readonly serviceAccounts: ReadonlySet<string>;
  /** AuthorizationPolicy, PeerAuthentication and RequestAuthentication found among the manifests. */
  readonly policies: readonly ManifestObject[];
  /** EnvoyFilters, plugins and ProxyConfigs: they change what proxies do. */
  readonly extensions: readonly ManifestObject[];
  /** Telemetry: what proxies record. */
  readonly telemetries: readonly ManifestObject[];
  /** Sidecar resources: what single sidecars know of the mesh, and how they listen. */
  readonly sidecars: readonly ManifestObject[];
  /** EndpointSlices and Endpoints: the addresses of Services without a selector. */
  readonly endpointLists: readonly ManifestObject[];
  /** BackendTLSPolicies: TLS of clients towards Services. */
  readonly tlsPolicies: readonly ManifestObject[];
  /** ListenerSets, whether or not a Gateway takes them. */
  readonly listenerSets: readonly ManifestObject[];
  /** Gateways of the Gateway API and ListenerSets that the API server refuses: nothing else is read from them. */
  readonly refusedGateways: readonly ManifestObject[];
  /** Istio's own Gateways, whether or not they select any pods. */
  readonly istioGateways: readonly ManifestObject[];
  /** Certificates and keys of gateways, among others: what they hold is never shown. */
  readonly secrets: readonly ManifestObject[];
  /** ConfigMaps that tell rate limit services how many requests there may be. */
  readonly limitConfigs: readonly ManifestObject[];
  /** Policies of Istio in namespaces that istiod does not watch: they do nothing. */
  readonly unwatchedPolicies: readonly ManifestObject[];
  readonly networkPolicies: readonly ManifestObject[];
  /** VirtualService, DestinationRule and routes of the Gateway API found among the manifests. */
  readonly routes: readonly ManifestObject[];
  /** Rollouts of Argo and Canaries of Flagger: they change the weights of routes. */
  readonly rollouts: readonly ManifestObject[];
  /** ReferenceGrants: which routes of gateways may lead into their namespace. */
  readonly referenceGrants: readonly ManifestObject[];
  readonly apiServerCalls: readonly ApiServerCall[];
  readonly revisions: Revisions;
  /** How many objects of each foreign `apiVersion/kind` were not read. */
  readonly ignored: ReadonlyMap<string, number>;
}

/** A port of a Service that the API server calls. It is outside the mesh: its own TLS is only bytes to proxies (istio-security §5.3). */
export interface ApiServerCall {
  /** `namespace/name` */
  readonly service: string;
  readonly port: number;
  readonly purpose: 'admission webhook' | 'aggregated API' | 'conversion webhook';
  /** What says so, and where. */
  readonly object: ManifestObject;
  readonly path: Path;
}

/** Which values of `istio.io/rev` mean something in a cluster. */
export interface Revisions {
  /** Every revision and tag that is known, by whatever means. */
  readonly known: ReadonlySet<string>;
  /** Those with an injection webhook. A tag kept as a Service has none, so it never injects (E-23, E-31). */
  readonly injecting: ReadonlySet<string>;
  /** The revision behind each tag, as far as manifests tell. */
  readonly behind: ReadonlyMap<string, string>;
  /** Whether a webhook injects every namespace that says nothing (E-21, row "auto"). */
  readonly injectsByDefault: boolean;
}

export type { LabelSelector };
export type Labels = Readonly<Record<string, string>>;

export interface Namespace {
  readonly cluster: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Absent where no Namespace manifest was given and the name is known from other objects alone. */
  readonly object: ManifestObject | undefined;
  /** Whether istiod watches it; `undefined` where that hangs on labels that are not given. Nothing else there exists for it. */
  readonly isWatched: boolean | undefined;
}

/** How a pod takes part in the mesh, as Istio decides it (istio-traffic-topology §1.4). */
export type Plane = 'sidecar' | 'ambient' | 'hbone' | 'gateway' | 'waypoint' | 'east-west' | 'none';

/** Planes that are part of the mesh's own machinery, and no destinations: nobody says of them who may call. */
export const infrastructure: ReadonlySet<Plane> = new Set<Plane>(['gateway', 'waypoint', 'east-west']);

export interface Mode {
  readonly plane: Plane;
  /** Whether it accepts HBONE, so that ambient callers and waypoints reach it with an identity (E-07, E-08). */
  readonly hbone: boolean;
  /** One sentence that names the deciding fact: "label `istio.io/dataplane-mode=ambient` on namespace `shop`". */
  readonly because: string;
  /** The id of the law: `E-01`, `E-21`, … */
  readonly fact: string;
}

export interface Workload {
  readonly cluster: string;
  readonly namespace: string;
  /** The object's name; `<name>.<kind>` in lower case where a workload of a longer-lived kind has the same name. */
  readonly name: string;
  /** Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod, WorkloadEntry, WorkloadGroup, or any kind that holds a pod template. */
  readonly kind: string;
  /** The pod's labels: what selectors see. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly ports: readonly ContainerPort[];
  readonly mode: Mode;
  /** What its template alone asks for: what a restart would bring. */
  readonly modeOnRestart: Mode;
  /** The pods that were given: what runs now, and what EndpointSlices point at. */
  readonly pods: readonly ManifestObject[];
  /** Keys of the Services that select it, sorted. */
  readonly services: readonly string[];
  /** What governs traffic addressed to its pod IP (W-13). */
  readonly binding: Binding;
  readonly object: ManifestObject;
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly number: number;
  readonly transport: Transport;
}

export type Transport = 'TCP' | 'UDP' | 'SCTP';

/** What a proxy can see on a port: requests, connections only, or whichever it detects (T-54). */
export type PortLayer = 'http' | 'tcp' | 'detected';

export interface ServicePort {
  readonly name: string | undefined;
  readonly number: number;
  /** As written: a number or the name of a container port; `number` where absent. */
  readonly targetPort: number | string;
  readonly transport: Transport;
  /** Istio's protocol name in lower case: `http`, `http2`, `grpc`, `https`, `tls`, `tcp`, `mongo`, … or `auto`. */
  readonly protocol: string;
  readonly layer: PortLayer;
  /** Where it comes from: `appProtocol`, `port name`, `protocol`, `well-known port`, `transport`, `nothing declared`. */
  readonly because: string;
}

export interface Service {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly headless: boolean;
  /** Whether traffic can be addressed to a virtual IP; without one no service waypoint is ever used. */
  readonly hasVip: boolean;
  /** `<name>.<namespace>.svc.<clusterDomain>` */
  readonly host: string;
  /** `undefined` for a Service without selector (its endpoints come from EndpointSlices). */
  readonly selector: Labels | undefined;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly ports: readonly ServicePort[];
  /** The namespaces whose proxies know it, by its annotation or the mesh's default: names, `.`, `*` and `~` for none; `undefined` for all. */
  readonly exportTo: readonly string[] | undefined;
  /** Keys of the workloads behind it, sorted. */
  readonly workloads: readonly string[];
  readonly binding: Binding;
  /** Label `istio.io/ingress-use-waypoint`, own over namespace (W-60). */
  readonly ingressUsesWaypoint: boolean;
  readonly object: ManifestObject;
}

export interface ServiceEntry {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  /** As of a Service: `undefined` for all namespaces. */
  readonly exportTo: readonly string[] | undefined;
  readonly ports: readonly ServicePort[];
  readonly binding: Binding;
  readonly ingressUsesWaypoint: boolean;
  readonly object: ManifestObject;
}

export type WaypointFor = 'service' | 'workload' | 'all' | 'none';

export interface Waypoint {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly className: string;
  readonly serviceAccount: string;
  readonly waypointFor: WaypointFor;
  readonly allowedRoutes: AllowedRoutes;
  /** `false` only where a status is given and has no address; manifests from Git carry none and count as ready. */
  readonly ready: boolean;
  /** The Gateway or its class, where it says that the waypoint is reached in another way than by HBONE. */
  readonly reachedOtherwise?: ManifestObject;
  /** The revision that it asks for and no istiod has: it gets no pods and no address, unless its status has one (E-30). */
  readonly unserved: string | undefined;
  readonly object: ManifestObject;
}

export interface AllowedRoutes {
  readonly from: 'Same' | 'All' | 'Selector';
  readonly selector: LabelSelector | undefined;
}

/** Which waypoint governs an object, or why none does (W-11, W-31). */
export type Binding =
  | {
      readonly kind: 'bound';
      /** `namespace/name` */
      readonly waypoint: string;
      /** What carried the label: `Service`, `Pod`, `ServiceEntry`, `WorkloadEntry` or `Namespace`. */
      readonly by: string;
    }
  | { readonly kind: 'unlabelled' }
  | { readonly kind: 'opted-out'; readonly by: string }
  | {
      /** A label names a waypoint that does not serve this object: traffic goes straight to the pods (W-31). */
      readonly kind: 'broken';
      readonly waypoint: string;
      readonly by: string;
      readonly reason:
        | 'missing'
        | 'unserved'
        | 'not-ready'
        | 'attachment-denied'
        | 'unsupported-traffic-type'
        | 'no-vip';
    };

export interface Gateway {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** `gateway-api`: a Gateway object of Gateway API; `classic`: a Deployment that runs the gateway proxy. */
  readonly kind: 'gateway-api' | 'classic';
  /** The class of a Gateway of Gateway API. */
  readonly className: string | undefined;
  readonly serviceAccount: string;
  /** The labels that select its pods. */
  readonly podLabels: Labels;
  /** The Service whose pods serve it and that is not given, or has none: nothing is known of them. */
  readonly missingPods: string | undefined;
  /** What stands before it, which decides what `remoteIpBlocks` compares. */
  readonly topology: GatewayTopology;
  /** Where its pods take connections, by port and then name; whoever declares them. */
  readonly listeners: readonly Listener[];
  /** The Services in front of its pods, with each of their ports. */
  readonly fronts: readonly GatewayFront[];
  readonly object: ManifestObject;
}

/**
 * Where a gateway takes connections: a listener of a Gateway or ListenerSet of Gateway API, or a server of Istio's own
 * Gateway that selects its pods. It decides what is read there and as whom the caller is seen, and nothing of where the
 * request goes on to: that is for the routes that name its object. A listener that reads connections only takes none
 * until a route binds to it; one that reads requests answers 404 to what no route takes.
 */
export interface Listener {
  /** Of Gateway API its own name (`sectionName` of routes); of a server the name of its port. */
  readonly name: string;
  /** The Gateway or ListenerSet that declares it, and where. */
  readonly object: ManifestObject;
  readonly path: Path;
  /** As declared: what routes compare, and the port of the Service in front where there is one. */
  readonly port: number;
  /** The port of the pods: what policies compare. */
  readonly podPort: number;
  /** Istio's name for it in lower case: `http`, `http2`, `grpc`, `https`, `tls`, `tcp`, … */
  readonly protocol: string;
  /** Who ends TLS, and which certificates are asked for; `undefined` where nothing is encrypted. */
  readonly tls: ListenerTls | undefined;
  /** What it reads: requests, or connections only. */
  readonly reads: 'requests' | 'connections';
  /** The hosts that it serves, and of which namespaces it takes routes for them. */
  readonly hosts: readonly ListenerHost[];
  /** The kinds of objects that it takes routes from. */
  readonly routeKinds: readonly string[];
  /** Whether requests in plaintext are answered by a redirect, whatever routes there are. */
  readonly redirectsToHttps?: true;
  /** Whether istiod makes it one; or why it does not; or why manifests do not tell. */
  readonly standing: ListenerStanding;
}

export const listenerTlsModes = [
  'SIMPLE',
  'MUTUAL',
  'OPTIONAL_MUTUAL',
  'ISTIO_MUTUAL',
  'PASSTHROUGH',
  'AUTO_PASSTHROUGH',
] as const;
export type ListenerTls = (typeof listenerTlsModes)[number];

export interface ListenerHost {
  /** A name, `*.suffix`, or `*` for all. */
  readonly host: string;
  readonly routesFrom: RouteNamespaces;
}

export type RouteNamespaces =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'named'; readonly namespace: string }
  | { readonly kind: 'selected'; readonly selector: LabelSelector };

export type ListenerStanding =
  | { readonly kind: 'open' }
  | { readonly kind: 'left-out'; readonly because: string }
  | { readonly kind: 'undecided'; readonly because: string };

/** A port by which clients come to a gateway. */
export interface GatewayFront {
  /** The full name of the Service. */
  readonly host: string;
  /** The key of the Service, if it is given: that of a deployed Gateway is made by istiod. */
  readonly service: string | undefined;
  readonly port: number;
  readonly podPort: number;
  readonly layer: PortLayer;
}

export function keyOf(object: { readonly namespace: string; readonly name: string }): string {
  return `${object.namespace}/${object.name}`;
}

/** The same where there are several clusters: `cluster/namespace/name`. */
export function keyInMesh(object: {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${object.cluster}/${keyOf(object)}`;
}

/** A pod's labels satisfy `matchLabels` when each of its pairs is among them. */
export function selects(matchLabels: Labels, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

/** Kinds that stand for machines outside Kubernetes. */
const machines: readonly string[] = ['WorkloadEntry', 'WorkloadGroup'];

export function isMachine({ kind }: { readonly kind: string }): boolean {
  return machines.includes(kind);
}

/**
 * A Service port's number on a pod: a name is looked up among the container's ports. A machine may have another number
 * for a port of this name, whatever the Service says.
 */
export function targetPortOf(
  port: Pick<ServicePort, 'name' | 'targetPort' | 'transport'>,
  pod: Pick<Workload, 'kind' | 'ports'>,
): number | undefined {
  const numbered = (wanted: string | undefined) =>
    pod.ports.find(({ name, transport }) => name === wanted && transport === port.transport)?.number;
  if (typeof port.targetPort === 'string') return numbered(port.targetPort);
  const own = isMachine(pod) && port.name !== undefined ? numbered(port.name) : undefined;
  return own ?? port.targetPort;
}

/**
 * The ports of a pod on which callers of a Service's port arrive: what is sent straight to the pod's address, as to a
 * Service without a virtual IP, keeps the port of the Service, unless a gateway sends it (istio-security §4.5).
 */
export function arrivalPortsOf(
  service: Pick<Service, 'headless'> | undefined,
  port: ServicePort,
  pod: Pick<Workload, 'kind' | 'ports'>,
): readonly number[] {
  const target = targetPortOf(port, pod);
  if (target === undefined) return [];
  return service?.headless === true && port.number !== target ? [port.number, target] : [target];
}
