import { describe, expect, it } from 'vitest';
import { checkWith } from './shop.js';

const codesOf = (manifests: string) => checkWith(manifests).diagnostics.map(({ code }) => code);

const ofClients = `apiVersion: v1
kind: Namespace
metadata: { name: clients, labels: { istio-injection: enabled } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: clients }
spec: { hosts: [api.shop.svc.cluster.local], http: [{ timeout: 1s, route: [{ destination: { host: api.shop.svc.cluster.local } }] }] }
`;

const httpRoute = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: api, namespace: shop }
spec: { parentRefs: [{ group: "", kind: Service, name: api }], rules: [{ backendRefs: [{ name: api, port: 80 }] }] }
`;

const hash = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: shop }
spec: { host: api, trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: x-user } } } }
`;

describe('routes in the namespace of clients, which no waypoint reads,', () => {
  it('are none beside those that it reads', () => {
    expect(codesOf([ofClients, httpRoute].join('---\n'))).toEqual(['AMB7109']);
  });

  it('are none that makes it hash', () => {
    expect(codesOf([ofClients, hash].join('---\n'))).toEqual(['AMB7109', 'AMB7130']);
    expect(codesOf([httpRoute, hash].join('---\n'))).toEqual([]);
  });
});
