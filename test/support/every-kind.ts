import { loadAll } from 'js-yaml';

/** A small mesh in which every kind that is read stands once or more, with every field that is looked at. */
export const everyKind: readonly object[] = loadAll(`
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
---
apiVersion: v1
kind: Namespace
metadata: { name: legacy, labels: { istio-injection: enabled }, annotations: { note: text } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { note: text } }
    spec: { serviceAccountName: web, hostNetwork: false, containers: [{ name: web, ports: [{ name: http, containerPort: 8080, protocol: TCP }] }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: old, namespace: legacy }
spec:
  selector: { matchLabels: { app: old } }
  template:
    metadata: { labels: { app: old, version: v1 } }
    spec:
      serviceAccountName: old
      initContainers: [{ name: istio-proxy, restartPolicy: Always }]
      containers: [{ name: old, ports: [{ containerPort: 9090 }], livenessProbe: { httpGet: { path: /, port: 9090 } } }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: legacy }
spec: { selector: { matchLabels: { app: agent } }, template: { metadata: { labels: { app: agent } }, spec: { containers: [{ name: agent }] } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: once, namespace: shop }
spec: { template: { metadata: { labels: { job: once } }, spec: { containers: [{ name: once }] } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: shop }
spec: { jobTemplate: { spec: { template: { metadata: { labels: { job: nightly } }, spec: { containers: [{ name: nightly }] } } } } }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: web-5d8f, namespace: shop, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: web, controller: true }] }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web }] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: web-5d8f-x, namespace: shop, labels: { app: web }, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8f, controller: true }] }
spec: { serviceAccountName: web, containers: [{ name: web, ports: [{ containerPort: 8080 }] }] }
status: { podIP: 10.0.0.7, phase: Running, conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { istio.io/ingress-use-waypoint: "true" } }
spec: { type: ClusterIP, clusterIP: 10.96.0.7, selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http, protocol: TCP, appProtocol: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: old, namespace: legacy }
spec: { selector: { app: old }, ports: [{ name: tcp, port: 9090, targetPort: 9090 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ name: http, port: 8080 }]
endpoints: [{ addresses: [10.0.0.7], conditions: { ready: true }, targetRef: { kind: Pod, name: web-5d8f-x, namespace: shop } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop, labels: { istio.io/waypoint-for: service } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { kubernetes.io/metadata.name: shop }, matchExpressions: [{ key: tier, operator: NotIn, values: [a] }] } } } }] }
status: { conditions: [{ type: Programmed, status: "True" }], addresses: [{ value: 10.96.0.9 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop, annotations: { gateway.istio.io/service-account: public } }
spec: { gatewayClassName: istio, addresses: [{ type: Hostname, value: public.shop.svc.cluster.local }], listeners: [{ name: http, port: 80, protocol: HTTP, hostname: shop.example }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: own, labels: { istio.io/waypoint-for: all } }
spec: { controllerName: istio.io/mesh-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec: { parentRefs: [{ group: "", kind: Service, name: web, port: 80 }], hostnames: [shop.example], rules: [{ matches: [{ path: { type: PathPrefix, value: / }, headers: [{ name: x, value: z }] }], backendRefs: [{ name: web, port: 80, weight: 1 }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: web, namespace: shop }
spec: { parentRefs: [{ group: "", kind: Service, name: web }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec: { hosts: [web], gateways: [mesh], exportTo: ["*"], http: [{ match: [{ uri: { prefix: / } }], route: [{ destination: { host: web, subset: v1, port: { number: 80 } }, weight: 100 }], timeout: 2s }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: web, namespace: shop }
spec: { host: web, exportTo: ["."], workloadSelector: { matchLabels: { app: web } }, trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: web }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }, subsets: [{ name: v1, labels: { version: v1 }, trafficPolicy: { tls: { mode: SIMPLE } } }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop, labels: { istio.io/use-waypoint: waypoint } }
spec: { hosts: [api.partner.example], addresses: [240.0.0.1], ports: [{ number: 443, name: tls, protocol: TLS, targetPort: 8443 }], location: MESH_EXTERNAL, resolution: STATIC, exportTo: ["*"], endpoints: [{ address: 192.0.2.1, ports: { tls: 8443 }, labels: { a: b } }], workloadSelector: { labels: { app: machine } } }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: machine, namespace: shop }
spec: { address: 192.0.2.9, ports: { http: 8080 }, labels: { app: machine }, serviceAccount: machine, network: east, weight: 1 }
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: machines, namespace: shop }
spec: { metadata: { labels: { app: machine }, annotations: { a: b } }, template: { serviceAccount: machine, ports: { http: 8080 }, labels: { tier: back }, network: east } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  workloadSelector: { labels: { app: web } }
  outboundTrafficPolicy: { mode: ALLOW_ANY, egressProxy: { host: out.shop.svc.cluster.local } }
  egress: [{ port: { number: 80, protocol: HTTP, name: http }, bind: 127.0.0.1, captureMode: NONE, hosts: ["./*"] }, { hosts: ["*/*"] }]
  ingress: [{ port: { number: 8080, protocol: HTTPS, name: own }, captureMode: DEFAULT, tls: { mode: SIMPLE }, defaultEndpoint: 127.0.0.1:8080 }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: web, namespace: shop, annotations: { istio.io/dry-run: "false" }, creationTimestamp: "2026-01-01T00:00:00Z" }
spec:
  targetRefs: [{ group: "", kind: Service, name: web }]
  action: ALLOW
  rules:
  - from: [{ source: { principals: [cluster.local/ns/legacy/sa/old], notNamespaces: [dev], ipBlocks: [10.0.0.0/8] } }]
    to: [{ operation: { methods: [GET], paths: ["/{*}/a"], hosts: [web], ports: ["80"] } }]
    when: [{ key: "request.headers[x-a]", values: [b], notValues: [c] }, { key: "request.auth.claims[iss]", values: [i] }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: old, namespace: legacy }
spec: { selector: { matchLabels: { app: old } }, action: DENY, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: asked, namespace: legacy }
spec: { action: CUSTOM, provider: { name: authorizer }, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: old, namespace: legacy }
spec: { selector: { matchLabels: { app: old } }, mtls: { mode: STRICT }, portLevelMtls: { "9090": { mode: PERMISSIVE } } }
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: web, namespace: shop }
spec: { targetRef: { group: "", kind: Service, name: web }, jwtRules: [{ issuer: i, audiences: [a], jwksUri: "https://i.example/keys", fromHeaders: [{ name: x-token, prefix: "Bearer " }], fromParams: [t], fromCookies: [c], outputClaimToHeaders: [{ header: h, claim: c }], forwardOriginalToken: true, spaceDelimitedClaims: [groups] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: b } }, podSelector: {} }, { ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }], ports: [{ port: 8080, endPort: 8081, protocol: TCP }] }] }
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector, labels: { istio.io/rev: default, istio.io/tag: prod } }
webhooks: [{ name: rev.namespace.sidecar-injector.istio.io, clientConfig: { service: { namespace: istio-system, name: istiod, port: 443 } }, namespaceSelector: { matchLabels: { istio-injection: enabled } }, objectSelector: { matchExpressions: [{ key: a, operator: Exists }] } }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: checks }
webhooks: [{ name: a.example.com, clientConfig: { service: { namespace: legacy, name: old, path: /check } } }]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.figures.example }
spec: { group: figures.example, version: v1, service: { namespace: legacy, name: old, port: 443 } }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: orders.shop.example }
spec: { group: shop.example, conversion: { strategy: Webhook, webhook: { clientConfig: { service: { namespace: legacy, name: old, port: 9443 } } } } }
`).map(Object);

/** Intents about that mesh, one document of each kind. */
export const everyIntent: readonly object[] = loadAll(`
apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  rootNamespace: istio-system
  clusters: [{ name: east, network: east, trustDomain: cluster.local, istio: { version: "1.29", revision: default, flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: false }, extensionProviders: [{ name: authorizer, failOpen: false, statusOnError: "403" }] } }]
  callers: [{ name: office, plaintext: true, ipBlocks: [203.0.113.0/24] }]
---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: shop }
spec:
  scope: { namespace: shop }
  mtls: { mode: Strict, accept: [{ path: unmeshedWorkloads, until: "2027-01-31", reason: being moved }] }
  authorization:
    default: Deny
    allow: [{ name: old-reads, reason: text, from: [{ serviceAccount: legacy/old }], to: [{ service: shop/web, methods: [GET], paths: [/items/*], port: http }] }]
    deny: [{ name: no-admin, from: [anyone], to: [{ service: web, paths: [/admin/*] }] }]
---
apiVersion: ambit.dev/v1alpha1
kind: TrafficSettings
metadata: { name: web }
spec: { scope: { service: shop/web }, timeout: 2s, retries: { attempts: 2, perTryTimeout: 1s, retryOn: [connect-failure] }, versions: { v1: { labels: { app: web } } }, split: { v1: 100 } }
---
apiVersion: ambit.dev/v1alpha1
kind: AccessTest
metadata: { name: reads }
spec: { cases: [{ name: old, from: legacy/old, to: "shop/web:http", method: GET, path: /items/1, expect: allow }] }
---
apiVersion: ambit.dev/v1alpha1
kind: Guardrail
metadata: { name: closed }
spec: { never: [{ name: outside, from: [{ external: office }], to: [{ service: shop/web }] }] }
`).map(Object);
