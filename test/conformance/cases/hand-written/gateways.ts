import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import type { Theme } from './theme.js';

/** A namespace with one gateway that Istio deploys. */
export function ingressObjects(theme: Theme, dice: Dice): readonly JsonObject[] {
  const more = theme === 'gateways' ? dice.some(otherListeners, 1 + dice.below(3)) : [];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ingress' } },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'public', namespace: 'ingress' },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }, ...more] },
    },
  ];
}

const otherListeners: readonly JsonObject[] = [
  { name: 'alternative', port: 8080, protocol: 'HTTP', hostname: '*.example.com' },
  { name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
  { name: 'tcp', port: 9000, protocol: 'TCP' },
  { name: 'shared', port: 80, protocol: 'HTTP', hostname: 'www.example.com' },
];
