import { expect, it } from 'vitest';
import { accessGraph } from '../../src/access/access-graph.js';
import { classesOf } from '../../src/algebra/callers.js';
import { decide } from '../../src/mesh/decide.js';
import { meshOf, policy, threeNamespaces } from '../mesh/support/mesh.js';

const mesh = meshOf(`${threeNamespaces}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: amb }
spec:
  gatewayClassName: istio
  listeners:
    - { name: plain, port: 80, protocol: HTTP }
    - { name: web, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: { certificateRefs: [{ name: shop }] } }
---
apiVersion: v1
kind: Secret
metadata: { name: shop, namespace: amb }
type: kubernetes.io/tls
data: { tls.crt: Y2VydA==, tls.key: a2V5 }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: amb }
spec: { hosts: [api.partner.example], ports: [{ name: http, number: 80, protocol: HTTP }], resolution: DNS }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: out, namespace: amb }
spec:
  parentRefs: [{ name: public, sectionName: plain }]
  hostnames: [partner.example.com]
  rules: [{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.partner.example, port: 80 }] }]
${policy('amb', 'web', '{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: public }], rules: [{ to: [{ operation: { ports: ["443"] } }] }, { from: [{ source: { namespaces: [side] } }], to: [{ operation: { methods: [GET] } }] }] }')}
`);
const { toGateways } = accessGraph(mesh);

it('tells who may call each listener, from outside and from inside, and how it is encrypted', () => {
  const told = toGateways.map(({ listener, points, access }) => [
    listener.name,
    points.map(({ name }) => name),
    access.map(({ who, kind, through, encryption }) => [who.label, kind, through.join(), encryption].join(' | ')),
  ]);
  expect(told).toEqual([
    // A listener that takes plaintext sees nobody's identity.
    ['plain', ['gateway amb/public'], []],
    [
      'web',
      ['gateway amb/public'],
      [
        'gateway | all |  | tls',
        'workload in the mesh | all |  | tls',
        'anyone outside | all |  | tls',
        'pods outside the mesh | all |  | tls',
      ],
    ],
  ]);
});

it('tells to which hosts outside the mesh a gateway leads', () => {
  expect(toGateways.map(({ listener, leadsOut }) => [listener.name, leadsOut])).toEqual([
    ['plain', ['api.partner.example:80']],
    ['web', []],
  ]);
});

it('says of each caller what one request of it meets', () => {
  let compared = 0;
  for (const { gateway, listener, port, access } of toGateways) {
    for (const { source, caller } of classesOf(mesh)) {
      for (const method of ['GET', 'POST']) {
        const serverName = listener.tls === undefined ? {} : { serverName: 'shop.example.com' };
        const destination = {
          kind: 'gateway',
          cluster: 'east',
          gateway: `${gateway.namespace}/${gateway.name}`,
          port,
          ...serverName,
        } as const;
        const payload = { kind: 'http', method, path: '/', host: 'shop.example.com', headers: {} } as const;
        const { verdict } = decide(mesh, { source, destination, payload });
        const own = access.filter(({ who }) => {
          if (!who.planes.includes(caller.speaks)) return false;
          if (caller.identity === null) return who.name === (caller.cluster === undefined ? 'anyone' : 'pods');
          if (who.kind === 'identity') return who.name === `${caller.namespace}/${caller.identity.serviceAccount}`;
          return who.kind === 'rest' || who.name === caller.namespace;
        });
        const [nearest] = own;
        const isOpen = nearest?.kind === 'all' || (nearest?.kind === 'some' && method === 'GET');
        const label = [listener.name, source, method];
        expect([...label, isOpen ? 'allowed' : 'denied']).toEqual([...label, verdict.kind]);
        compared++;
      }
    }
  }
  expect(compared).toBeGreaterThan(20);
});
