import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../../cases/dice.js';
import { gatewaysOf } from './gateways.js';
import type { RouteTheme } from './theme.js';
import { waypointFor } from './waypoint.js';

/** What routes are made with. */
export interface RouteMaking extends RouteTheme {
  readonly dice: Dice;
  /** A different date for each object; seldom none. */
  readonly created: () => JsonObject;
}

/** Namespaces, versions of some applications with their Services, and the proxies that route. */
export function routedWorld(making: RouteMaking): readonly JsonObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
    ...['shop', 'pay', 'ops'].flatMap((name) => namespaceOf(name, making)),
    ...application('shop', 'web', ['v1', 'v2']),
    ...application('shop', 'cart', ['v1']),
    ...application('pay', 'ledger', ['v1', 'v2']),
    ...application('ops', 'probe', ['v1']),
    service('shop', 'web', { app: 'web' }, webPorts),
    service('shop', 'web-v1', { app: 'web', version: 'v1' }, [http]),
    service('shop', 'web-v2', { app: 'web', version: 'v2' }, [http]),
    service('shop', 'cart', { app: 'cart' }, [http]),
    service('shop', 'idle', { app: 'idle' }, [http]),
    service('pay', 'ledger', { app: 'ledger' }, [http, { name: 'grpc', port: 9090, targetPort: 8080 }]),
    ...(making.dice.chance(0.25) ? [headless] : []),
    ...(making.proxy === 'gateway' ? gatewaysOf(making) : []),
  ];
}

const http = { name: 'http', port: 80, targetPort: 8080 };
const webPorts = [
  http,
  { name: 'http-alt', port: 9080, targetPort: 8080 },
  { name: 'tcp-raw', port: 7070, targetPort: 7070 },
  { name: 'plain', port: 81, targetPort: 8081 },
];

const headless: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'peers', namespace: 'shop' },
  spec: { clusterIP: 'None', selector: { app: 'cart' }, ports: [http] },
};

function namespaceOf(name: string, making: RouteMaking): readonly JsonObject[] {
  const { proxy, dice } = making;
  const isAmbient = proxy === 'waypoint' || (proxy === 'gateway' && name === 'pay' && dice.chance(0.6));
  const { labels, objects } = isAmbient ? waypointFor(name, making) : { labels: sidecars(name, making), objects: [] };
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, ...objects];
}

function sidecars(name: string, { dice }: RouteMaking): JsonObject {
  return name === 'pay' && dice.chance(0.15) ? {} : { 'istio-injection': 'enabled' };
}

function application(namespace: string, name: string, versions: readonly string[]): readonly JsonObject[] {
  return versions.map((version) => {
    const labels = { app: name, version };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `${name}-${version}`, namespace },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: name, containers: [{ name: 'main', image: 'main' }] },
        },
      },
    };
  });
}

function service(namespace: string, name: string, selector: JsonObject, ports: readonly JsonObject[]): JsonObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector, ports: [...ports] } };
}
