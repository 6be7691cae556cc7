import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import { enrolment } from './enrolment.js';
import type { Making } from './making.js';
import type { Theme } from './theme.js';

/** The Services of an application: mostly one. */
export function servicesOf(
  namespace: string,
  name: string,
  hasWaypoint: boolean,
  making: Making,
): readonly JsonObject[] {
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
