import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import { enrolment } from './enrolment.js';
import { ingressObjects } from './gateways.js';
import type { Theme } from './theme.js';

/** The small mesh that policies are written for: what they can name. */
export interface World {
  readonly theme: Theme;
  readonly namespaces: readonly string[];
  readonly applications: readonly Application[];
  readonly services: readonly ServiceOfWorld[];
  readonly hasIngress: boolean;
  readonly objects: readonly JsonObject[];
}

export interface Application {
  readonly namespace: string;
  readonly name: string;
  readonly account: string;
}

export interface ServiceOfWorld {
  readonly namespace: string;
  readonly name: string;
}

interface Part {
  readonly applications: readonly Application[];
  readonly services: readonly ServiceOfWorld[];
  readonly objects: readonly JsonObject[];
}

export const applicationNames = ['api', 'web', 'db'] as const;

export function worldOf(theme: Theme, dice: Dice): World {
  const namespaces = ['shop', 'pay', 'ops'];
  const planes = planesOf(theme, dice);
  const addresses = addressesFrom('10.97.0');
  const parts = namespaces.map((name, index) => partOf(name, planes[index] ?? 'none', { theme, dice, addresses }));
  const hasIngress = theme === 'gateways' || dice.chance(0.4);
  return {
    theme,
    namespaces,
    applications: parts.flatMap(({ applications }) => applications),
    services: parts.flatMap(({ services }) => services),
    hasIngress,
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
      ...parts.flatMap(({ objects }) => objects),
      ...(hasIngress ? ingressObjects(theme, dice) : []),
    ],
  };
}

export type PlaneOfNamespace = 'ambient' | 'sidecar' | 'none';

function planesOf(theme: Theme, dice: Dice): readonly PlaneOfNamespace[] {
  if (theme === 'waypoints' || theme === 'addresses') {
    return ['ambient', 'ambient', dice.pick(['ambient', 'sidecar', 'none'] as const)];
  }
  return dice.some<PlaneOfNamespace>(['ambient', 'sidecar', 'none', 'ambient', 'sidecar'], 3);
}

function addressesFrom(network: string): () => string {
  let last = 0;
  return () => `${network}.${++last}`;
}

interface Making {
  readonly theme: Theme;
  readonly dice: Dice;
  /** Virtual IPs, each once. */
  readonly addresses: () => string;
}

function partOf(namespace: string, plane: PlaneOfNamespace, making: Making): Part {
  const { theme, dice } = making;
  const marks = enrolment(theme, dice);
  const hasWaypoint = plane === 'ambient' && dice.chance(theme === 'waypoints' ? 0.95 : 0.6);
  const labels = {
    ...(plane === 'ambient' && { 'istio.io/dataplane-mode': 'ambient' }),
    ...(plane === 'sidecar' && { 'istio-injection': 'enabled' }),
    ...(hasWaypoint && dice.chance(0.7) && { 'istio.io/use-waypoint': 'waypoint' }),
    ...marks.namespace(),
  };
  const names = dice.some(applicationNames, 1 + dice.below(3));
  const parts = names.map((name) => applicationOf(namespace, name, hasWaypoint, making));
  return {
    applications: parts.flatMap(({ applications }) => applications),
    services: parts.flatMap(({ services }) => services),
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
      ...(hasWaypoint ? [waypointIn(namespace, making)] : []),
      ...parts.flatMap(({ objects }) => objects),
    ],
  };
}

function waypointIn(namespace: string, { theme, dice }: Making): JsonObject {
  const traffic = dice.pick(['service', 'service', 'workload', 'all', undefined]);
  const labels = {
    ...(traffic !== undefined && { 'istio.io/waypoint-for': traffic }),
    ...enrolment(theme, dice).waypoint(),
  };
  const listener = { name: 'mesh', port: 15008, protocol: 'HBONE', ...enrolment(theme, dice).listener() };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace, labels },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [listener] },
  };
}

function applicationOf(namespace: string, name: string, hasWaypoint: boolean, making: Making): Part {
  const { theme, dice } = making;
  const marks = enrolment(theme, dice);
  const account = dice.chance(0.7) ? name : dice.pick(['shared', 'default']);
  const labels = {
    app: name,
    ...(dice.chance(0.3) && { version: dice.pick(['v1', 'v2']) }),
    ...(dice.chance(0.1) && { 'sidecar.istio.io/inject': dice.pick(['true', 'false']) }),
    ...(dice.chance(0.1) && { 'istio.io/dataplane-mode': dice.pick(['none', 'ambient']) }),
    ...(hasWaypoint && dice.chance(0.2) && { 'istio.io/use-waypoint': 'waypoint' }),
    ...marks.pod(),
  };
  const ports = dice.some(
    [{ name: 'web', containerPort: 8080 }, { name: 'adm', containerPort: 9090 }, { containerPort: 5432 }],
    1 + dice.below(3),
  );
  const template = {
    metadata: { labels, annotations: marks.podAnnotations() },
    spec: {
      ...(account !== 'default' && { serviceAccountName: account }),
      containers: [{ name: 'main', image: 'main', ports }],
      ...marks.podSpec(),
    },
  };
  const services = servicesOf(namespace, name, hasWaypoint, making);
  return {
    applications: [{ namespace, name, account }],
    services: services.map(({ metadata }) => ({ namespace, name: String(Object(metadata).name) })),
    objects: [workloadOf(namespace, name, template, making), ...services],
  };
}

function workloadOf(namespace: string, name: string, template: JsonObject, { theme, dice }: Making): JsonObject {
  const metadata = { name, namespace };
  const kind = theme === 'enrolment' ? dice.pick(workloadKinds) : 'Deployment';
  const spec = { selector: { matchLabels: { app: name } }, template };
  if (kind === 'Pod')
    return { apiVersion: 'v1', kind, ...template, metadata: { ...Object(template.metadata), ...metadata } };
  if (kind === 'Job') return { apiVersion: 'batch/v1', kind, metadata, spec: { template } };
  if (kind === 'CronJob') {
    return {
      apiVersion: 'batch/v1',
      kind,
      metadata,
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } },
    };
  }
  return { apiVersion: 'apps/v1', kind, metadata, spec };
}

const workloadKinds = ['Deployment', 'Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Job', 'CronJob'] as const;

function servicesOf(namespace: string, name: string, hasWaypoint: boolean, making: Making): readonly JsonObject[] {
  const { theme, dice } = making;
  const labels = {
    ...(hasWaypoint &&
      dice.chance(0.25) && { 'istio.io/use-waypoint': dice.pick(['waypoint', 'waypoint', 'none', 'missing']) }),
    ...enrolment(theme, dice).service(),
  };
  const service = (suffix: string, ports: readonly JsonObject[]): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}${suffix}`, namespace, labels, annotations: exportOf(making) },
    spec: { selector: { app: name }, ...addressOf(making), ports },
  });
  const more = { name: dice.pick(['http-too', 'http-too', 'tcp-too']), port: 8088, targetPort: 8080 };
  return [service('', portsOf(theme, dice)), ...(dice.chance(0.15) ? [service('-too', [more])] : [])];
}

function exportOf({ theme, dice }: Making): JsonObject {
  if (theme !== 'clients' || dice.chance(0.8)) return {};
  return { 'networking.istio.io/exportTo': dice.pick(['.', '~', '*', 'shop', 'pay,ops']) };
}

function addressOf({ theme, dice, addresses }: Making): JsonObject {
  if (dice.chance(theme === 'headless' ? 0.7 : 0.08)) return { clusterIP: 'None' };
  if (theme !== 'addresses') return {};
  const clusterIP = addresses();
  return { clusterIP, clusterIPs: [clusterIP] };
}

function portsOf(theme: Theme, dice: Dice): readonly JsonObject[] {
  if (theme === 'headless') return dice.some(portsOfPods, 1 + dice.below(2));
  if (theme === 'enrolment') return [oddPort(dice)];
  const chosen = dice.some(
    [
      ...commonPorts,
      { name: 'x', port: 82, targetPort: 8082, appProtocol: dice.pick(['http', 'tcp', 'kubernetes.io/h2c']) },
    ],
    1 + dice.below(3),
  );
  return chosen;
}

const commonPorts: readonly JsonObject[] = [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'http-named', port: 85, targetPort: 'web' },
  { name: 'tcp', port: 5432 },
  { name: 'auto', port: 81, targetPort: 8081 },
  { name: 'http-more', port: 84, targetPort: 9091 },
  { name: 'https', port: 443, targetPort: 8443 },
  { name: 'http2', port: 83, targetPort: 9090 },
  { name: 'grpc-x', port: 9000 },
];

/** Without a virtual IP a client dials the pod's port. */
const portsOfPods: readonly JsonObject[] = [
  { name: 'http', port: 8080, targetPort: 8080 },
  { name: 'tcp', port: 5432, targetPort: 5432 },
  { name: 'adm', port: 9090, targetPort: 9090 },
  { name: 'http-other', port: 80, targetPort: 8080 },
];

function oddPort(dice: Dice): JsonObject {
  return {
    port: dice.pick([80, 443, 3306, 8080, 27_017, 6379, 9000]),
    targetPort: dice.pick([8080, 'web']),
    ...(dice.chance(0.75) && { name: dice.pick(oddPortNames) }),
    ...(dice.chance(0.25) && { appProtocol: dice.pick(appProtocols) }),
  };
}

const oddPortNames =
  'http http-web https grpc grpc-web tcp tcp-db tls mongo mysql redis web http2 http3 udp auto metrics grpcx httpx thrift'.split(
    ' ',
  );

const appProtocols =
  'http https tcp grpc kubernetes.io/h2c kubernetes.io/ws kubernetes.io/wss mysql HTTP http2 weird tls redis mongo grpc-web'.split(
    ' ',
  );
