import { expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  clusters: [{ name: east, istio: { version: "1.30" } }]
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: edge }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  template: { metadata: { labels: { app: api } }, spec: { serviceAccountName: api, containers: [{ name: app, image: app }] } }
---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: shop }
spec:
  scope: { namespace: shop }
  authorization: { default: Deny, allow: [{ name: visitors, from: [{ gateway: edge/public }] }] }
`;

/** What istiod deploys for a Gateway, as a dump shows it, or another that runs with its account. */
function deployment(name: string, labels: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: edge }
spec:
  selector: { matchLabels: { ${labels} } }
  template: { metadata: { labels: { ${labels} } }, spec: { serviceAccountName: public-istio, containers: [{ name: istio-proxy, image: proxy }] } }
`;
}

function errorsWith(manifests: string): readonly string[] {
  const { diagnostics } = compile([{ path: 'mesh.yaml', text: mesh + manifests }], { today: '2026-06-01' });
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

const ofGateway =
  'gateway.networking.k8s.io/gateway-name: public, gateway.istio.io/managed: istio.io-gateway-controller';

it('the pods of a gateway are that gateway, and whoever else has its account is not', () => {
  expect(errorsWith('')).toEqual([]);
  expect(errorsWith(deployment('public-istio', ofGateway))).toEqual([]);
  expect(errorsWith(deployment('other', 'app: other'))).toEqual([
    'gateway `edge/public` cannot be told from `edge/other`: they share ServiceAccount `edge/public-istio`',
  ]);
});
