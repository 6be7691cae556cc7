/** Manifests with just what a test is about, as YAML text. */

export function documents(...texts: readonly string[]): string {
  return texts.join('\n---\n');
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

export interface PodOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
  readonly kind?: string;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly owner?: { readonly kind: string; readonly name: string };
}

export function workload(name: string, options: PodOptions = {}): string {
  const { labels = { app: name }, annotations = {}, spec = {}, namespace = 'shop', kind = 'Deployment' } = options;
  const template = { metadata: { labels, annotations }, spec };
  const group = kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  const inner = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
  return JSON.stringify({
    apiVersion: group,
    kind,
    metadata: { name, namespace, ...ownedBy(options) },
    spec: inner,
  });
}

export function pod(name: string, options: PodOptions = {}): string {
  const { labels = { app: name }, annotations = {}, spec = {}, namespace = 'shop', status = {} } = options;
  const metadata = { name, namespace, labels, annotations, ...ownedBy(options) };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec, status });
}

function ownedBy({ owner }: PodOptions) {
  return owner === undefined ? {} : { ownerReferences: [{ ...owner, controller: true }] };
}

export interface ServiceOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
}

export function service(name: string, options: ServiceOptions = {}): string {
  const { labels = {}, spec = {}, namespace = 'shop' } = options;
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: { selector: { app: name }, ports, ...spec },
  });
}

export interface GatewayOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly allowedRoutes?: unknown;
  readonly className?: string;
  readonly status?: unknown;
  readonly spec?: Readonly<Record<string, unknown>>;
}

export function waypoint(name: string, options: GatewayOptions = {}): string {
  const { labels = {}, annotations = {}, namespace = 'shop', className = 'istio-waypoint' } = options;
  const { allowedRoutes, status, spec = {} } = options;
  const listener = { name: 'mesh', port: 15008, protocol: 'HBONE', ...(allowedRoutes ? { allowedRoutes } : {}) };
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace, labels, annotations },
    spec: { gatewayClassName: className, listeners: [listener], ...spec },
    ...(status === undefined ? {} : { status }),
  });
}

export const ambient = { 'istio.io/dataplane-mode': 'ambient' } as const;
export const injected = { 'istio-injection': 'enabled' } as const;
export const notInjected = { 'sidecar.istio.io/inject': 'false' } as const;
export const useWaypoint = { 'istio.io/use-waypoint': 'waypoint' } as const;
