import { describe, expect, test } from 'vitest';
import { parseSources } from '../../src/parse/parse-sources.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { theCluster } from './support/topology.js';

const gateways = `
apiVersion: v1
kind: Namespace
metadata: { name: edge }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: partners, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;

function topologies(cluster: string) {
  const mesh = `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: mesh }\nspec: { clusters: [${cluster}] }\n`;
  const { value, diagnostics } = parseSources([{ path: 'all.yaml', text: `${mesh}---${gateways}` }]);
  expect(diagnostics).toEqual([]);
  const { gateways: found } = theCluster(buildTopology(value.mesh, value.objects).value);
  return Object.fromEntries([...found].map(([key, { topology }]) => [key, topology]));
}

describe('what stands before a gateway', () => {
  test('is unknown where nobody says', () => {
    expect(topologies('{ name: east }')).toEqual({ 'edge/partners': {}, 'edge/public': {} });
  });

  test('is what the Mesh document says of all gateways, save where it says otherwise of one', () => {
    const all = 'istio: { gatewayTopology: { numTrustedProxies: 1, proxyProtocol: false } }';
    const one = 'gateways: [{ name: edge/partners, numTrustedProxies: 2 }]';
    expect(topologies(`{ name: east, ${all}, ${one} }`)).toEqual({
      'edge/partners': { numTrustedProxies: 2, proxyProtocol: false },
      'edge/public': { numTrustedProxies: 1, proxyProtocol: false },
    });
  });
});
