import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import type { Theme } from './theme.js';

/** A namespace with a gateway that Istio deploys, and where gateways are the theme perhaps one that somebody else deployed. */
export function ingressObjects(theme: Theme, dice: Dice): readonly JsonObject[] {
  const isTheme = theme === 'gateways';
  const more = isTheme ? dice.some(otherListeners, 1 + dice.below(3)) : [];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ingress' } },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'public', namespace: 'ingress' },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }, ...more] },
    },
    ...(isTheme && dice.chance(0.6) ? deployedByHand(dice) : []),
  ];
}

const otherListeners: readonly JsonObject[] = [
  { name: 'alternative', port: 8080, protocol: 'HTTP', hostname: '*.example.com' },
  { name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
  { name: 'tcp', port: 9000, protocol: 'TCP' },
  { name: 'shared', port: 80, protocol: 'HTTP', hostname: 'www.example.com' },
];

/** A Deployment with the gateway template, a Service that maps its ports, and Istio's own Gateway. */
function deployedByHand(dice: Dice): readonly JsonObject[] {
  const labels = { app: 'edge', istio: 'edge' };
  const template = {
    metadata: {
      labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
      annotations: { 'inject.istio.io/templates': 'gateway' },
    },
    spec: { serviceAccountName: 'edge', containers: [{ name: 'istio-proxy', image: 'auto' }] },
  };
  const metadata = { name: 'edge', namespace: 'ingress' };
  const ports = [
    { name: 'http2', port: 80, targetPort: dice.pick([80, 8080]) },
    { name: 'tcp', port: 9000, targetPort: 9000 },
  ];
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'LoadBalancer', selector: labels, ports } },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata,
      spec: { selector: { istio: 'edge' }, servers: dice.some(servers, 1 + dice.below(2)) },
    },
  ];
}

const servers: readonly JsonObject[] = [
  { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] },
  { port: { number: 8080, name: 'more', protocol: 'HTTP' }, hosts: ['*.example.com'] },
  { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
];
