import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../../src/pipeline.js';
import { sharedDirectory } from '../support/shared.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: real }
spec:
  clusters: [{ name: main, istio: { version: "1.30", sidecarsListenHbone: true } }]
`;

const namespace = `apiVersion: v1
kind: Namespace
metadata: { name: default, labels: { istio-injection: enabled } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: default }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow-nothing, namespace: default }
spec: {}
`;

/** What `istioctl install` brings, which none of the files of Bookinfo has. */
const ingress = `apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istio-ingressgateway, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: ingressgateway } }
  template:
    metadata: { labels: { istio: ingressgateway, sidecar.istio.io/inject: "false" } }
    spec:
      serviceAccountName: istio-ingressgateway-service-account
      containers: [{ name: istio-proxy, image: istio/proxyv2, args: [proxy, router], ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: istio-ingressgateway, namespace: istio-system }
spec:
  type: LoadBalancer
  selector: { istio: ingressgateway }
  ports: [{ name: http2, port: 80, targetPort: 8080 }]
`;

function policy(app: string, callers: readonly string[], operation: string): string {
  const principals = callers.map((caller) => `cluster.local/ns/${caller}`).join(', ');
  return `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${app}, namespace: default }
spec:
  selector: { matchLabels: { app: ${app} } }
  rules: [{ from: [{ source: { principals: [${principals}] } }], to: [{ operation: { ${operation} } }] }]
`;
}

/** A file as others wrote it, from the reference data beside the checkout. */
export function real(path: string): Source {
  return { path, text: readFileSync(join(sharedDirectory, 'realworld', path), 'utf8') };
}

/** Bookinfo with the routes of one of its files, and with policies, which it has none of. */
export const bookinfo = (routes: string): readonly Source[] => [
  { path: 'mesh.yaml', text: mesh },
  { path: 'namespace.yaml', text: namespace },
  { path: 'ingress.yaml', text: ingress },
  ...['bookinfo.yaml', 'bookinfo-gateway.yaml', 'destination-rule-all.yaml', routes].map((name) =>
    real(`bookinfo/${name}`),
  ),
  {
    path: 'policies.yaml',
    text: [
      policy(
        'productpage',
        ['istio-system/sa/istio-ingressgateway-service-account'],
        'methods: [GET, POST], ports: ["9080"]',
      ),
      policy('details', ['default/sa/bookinfo-productpage'], 'methods: [GET]'),
      policy('reviews', ['default/sa/bookinfo-productpage'], 'methods: [GET]'),
      policy('ratings', ['default/sa/bookinfo-reviews'], 'methods: [GET], paths: [/ratings/*]'),
    ].join(''),
  },
];

/** Online Boutique likewise. */
export const onlineBoutique = (): readonly Source[] => [
  { path: 'mesh.yaml', text: mesh },
  { path: 'namespace.yaml', text: namespace },
  real('online-boutique/kubernetes-manifests.yaml'),
  real('online-boutique/istio-manifests.yaml'),
  {
    path: 'policies.yaml',
    text: [
      policy('frontend', ['default/sa/loadgenerator'], 'ports: ["8080"]'),
      policy(
        'cartservice',
        ['default/sa/frontend', 'default/sa/checkoutservice'],
        'methods: [POST], paths: [/hipstershop.CartService/*], ports: ["7070"]',
      ),
      policy(
        'productcatalogservice',
        ['default/sa/frontend', 'default/sa/checkoutservice', 'default/sa/recommendationservice'],
        'methods: [POST], ports: ["3550"]',
      ),
      policy(
        'checkoutservice',
        ['default/sa/frontend'],
        'methods: [POST], paths: [/hipstershop.CheckoutService/PlaceOrder], ports: ["5050"]',
      ),
      policy(
        'paymentservice',
        ['default/sa/checkoutservice'],
        'methods: [POST], paths: [/hipstershop.PaymentService/Charge], ports: ["50051"]',
      ),
    ].join(''),
  },
];
