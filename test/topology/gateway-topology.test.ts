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

function topologies(cluster: string, text = gateways) {
  const mesh = `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: mesh }\nspec: { clusters: [${cluster}] }\n`;
  const { value, diagnostics } = parseSources([{ path: 'all.yaml', text: `${mesh}---${text}` }]);
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

  const annotated = (where: string) =>
    gateways.replace(
      'metadata: { name: public, namespace: edge }\nspec: {',
      `metadata: { name: public, namespace: edge${where === 'metadata' ? config : ''} }\nspec: {${where === 'infrastructure' ? ` infrastructure: { ${config.slice(2)} },` : ''}`,
    );
  const config = ", annotations: { proxy.istio.io/config: 'gatewayTopology: { proxyProtocol: {} }' }";

  test.each(['metadata', 'infrastructure'])(
    'is what its pods say of themselves instead, by the annotations of %s',
    (where) => {
      const all = 'istio: { gatewayTopology: { numTrustedProxies: 3 } }';
      expect(topologies(`{ name: east, ${all} }`, annotated(where))).toEqual({
        'edge/partners': { numTrustedProxies: 3 },
        'edge/public': { numTrustedProxies: 0, proxyProtocol: true },
      });
    },
  );

  test('must not contradict what the Mesh document says of the same gateway', () => {
    const mesh =
      'apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: mesh }\nspec: { clusters: [{ name: east, gateways: [{ name: edge/public, numTrustedProxies: 1 }] }] }\n';
    const { value } = parseSources([{ path: 'all.yaml', text: `${mesh}---${annotated('metadata')}` }]);
    const { diagnostics } = buildTopology(value.mesh, value.objects);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'AMB1060 `numTrustedProxies` is `1` in the Mesh document of gateway edge/public, and `0` in Gateway `edge/public`',
    ]);
  });
});
