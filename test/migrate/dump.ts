// A shop as a cluster shows it: `web` reads from `api`, in namespace `shop`.

export const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  clusters: [{ name: east, istio: { version: "1.30", sidecarsListenHbone: true } }]
`;

export const intents = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: api }
spec:
  scope: { service: shop/api }
  authorization:
    default: Deny
    allow:
      - { name: web-reads, from: [{ service: shop/web }], to: [{ methods: [GET] }] }
`;

/** A running Deployment with one pod, and its Service. */
export function running(name: string, plane: 'sidecar' | 'ambient', service = ''): string {
  const annotation =
    plane === 'sidecar' ? `sidecar.istio.io/status: '{"revision":"default"}'` : 'ambient.istio.io/redirection: enabled';
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { serviceAccountName: ${name}, containers: [{ name: app, image: app }] } }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: ${name}-1, namespace: shop, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: ${name}, controller: true }] }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { serviceAccountName: ${name}, containers: [{ name: app, image: app }] } }
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}-1-x
  namespace: shop
  labels: { app: ${name}${plane === 'sidecar' ? ', networking.istio.io/tunnel: http' : ''} }
  annotations: { ${annotation} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: ${name}-1, controller: true }]
spec: { nodeName: one, serviceAccountName: ${name}, containers: [{ name: app, image: app }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop${service} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
}

export const ambientNamespace = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
`;

export const waypoint = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;

/** What a waypoint is to enforce. */
export const atWaypoint = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api-allow, namespace: shop }
spec:
  targetRefs: [{ group: "", kind: Service, name: api }]
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }], to: [{ operation: { methods: [GET], ports: ["80"] } }] }]
`;

/** Old and new side by side, as the plan leaves them while pods are restarted. */
export const beside = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api-allow-until-moved, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }], to: [{ operation: { methods: [GET], ports: ["8080"] } }] }]
${atWaypoint}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`;

export const guard = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api-guard, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/waypoint] } }], to: [{ operation: { ports: ["8080"] } }] }]
`;

export const bound = ', labels: { istio.io/use-waypoint: waypoint }';
