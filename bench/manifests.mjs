const ports = {
  http: { number: 80, target: 8080 },
  grpc: { number: 9000, target: 9000 },
  tcp: { number: 5432, target: 5432 },
};

/** A namespace as `kubectl get` shows it: Services and ServiceAccounts, Deployments, their ReplicaSets and Pods. */
export function namespaceText(namespace, firstAddress) {
  let address = firstAddress;
  const objects = namespace.services.flatMap((service) => [
    serviceText(service),
    ...(service.isRouted ? [routeText(service)] : []),
    ...(service.letsIn === undefined ? [] : [networkPolicyText(service)]),
    serviceAccountText(service),
    deploymentText(service),
    replicaSetText(service),
    ...Array.from({ length: service.replicas }, (_, index) => podText(service, index, address++)),
  ]);
  return [namespaceObjectText(namespace), ...objects].join('---\n');
}

/** A cluster's ingress: a Gateway that Istio deploys. */
export function ingressText({ gateway }) {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${gateway.namespace}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: ${gateway.name}
  namespace: ${gateway.namespace}
spec:
  gatewayClassName: istio
  listeners:
  - name: web
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All
`;
}

const namespaceLabels = {
  ambient: 'istio.io/dataplane-mode: ambient',
  mixed: 'istio.io/dataplane-mode: ambient',
  sidecar: 'istio-injection: enabled',
};

function namespaceObjectText({ name, mode }) {
  const label = namespaceLabels[mode];
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels:
    kubernetes.io/metadata.name: ${name}
${label === undefined ? '' : `    ${label}\n`}`;
}

function serviceText({ name, namespace, protocol, ingressUsesWaypoint }) {
  const waypointLabel = ingressUsesWaypoint ? '    istio.io/ingress-use-waypoint: "true"\n' : '';
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app: ${name}
${waypointLabel}spec:
  selector:
    app: ${name}
  ports:
  - name: ${protocol}
    port: ${ports[protocol].number}
    targetPort: ${ports[protocol].target}
`;
}

/** A route to the Service itself: testers wait longer, and all others as long as ever. */
function routeText(service) {
  return service.plane === 'ambient' ? httpRouteText(service) : virtualServiceText(service);
}

function httpRouteText({ name, namespace, protocol }) {
  const backend = `    backendRefs:
    - name: ${name}
      port: ${ports[protocol].number}
`;
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  parentRefs:
  - group: ""
    kind: Service
    name: ${name}
  rules:
  - matches:
    - headers:
      - name: x-tester
        value: "yes"
    timeouts:
      request: 30s
${backend}  - ${backend.trimStart()}`;
}

function virtualServiceText({ name, namespace }) {
  const host = `${name}.${namespace}.svc.cluster.local`;
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  hosts:
  - ${host}
  http:
  - match:
    - headers:
        x-tester:
          exact: "yes"
    timeout: 30s
    route:
    - destination:
        host: ${host}
  - route:
    - destination:
        host: ${host}
`;
}

function networkPolicyText({ name, namespace, letsIn }) {
  const peers = letsIn.map(
    ({ namespace: home, app }) => `    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: ${home}
${app === undefined ? '' : `      podSelector:\n        matchLabels:\n          app: ${app}\n`}`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  podSelector:
    matchLabels:
      app: ${name}
  policyTypes:
  - Ingress
  ingress:
  - from:
    - podSelector: {}
${peers.join('')}`;
}

function serviceAccountText({ name, namespace }) {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: ${namespace}
`;
}

function deploymentText(service) {
  const { name, namespace, replicas } = service;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
${planeLabels(service, 8)}    spec:
${podSpecText(service, 6)}`;
}

function replicaSetText(service) {
  const { name, namespace, replicas } = service;
  return `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: ${name}-${templateHash(service)}
  namespace: ${namespace}
  ownerReferences:
  - apiVersion: apps/v1
    kind: Deployment
    name: ${name}
    controller: true
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: ${name}
      pod-template-hash: ${templateHash(service)}
  template:
    metadata:
      labels:
        app: ${name}
        pod-template-hash: ${templateHash(service)}
${planeLabels(service, 8)}    spec:
${podSpecText(service, 6)}`;
}

const redirection = {
  ambient: '    ambient.istio.io/redirection: enabled\n',
  sidecar: `    sidecar.istio.io/status: '{"containers":["istio-proxy"]}'\n`,
};

function podText(service, index, address) {
  const { name, namespace, plane } = service;
  const annotations = plane === 'none' ? '' : `  annotations:\n${redirection[plane]}`;
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}-${templateHash(service)}-${String(index).padStart(5, '0')}
  namespace: ${namespace}
  labels:
    app: ${name}
    pod-template-hash: ${templateHash(service)}
${planeLabels(service, 4)}${annotations}  ownerReferences:
  - apiVersion: apps/v1
    kind: ReplicaSet
    name: ${name}-${templateHash(service)}
    controller: true
spec:
${podSpecText(service, 2)}status:
  phase: Running
  podIP: 10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}
`;
}

/** In an ambient namespace, a pod with a sidecar leaves ambient and asks for its sidecar itself (E-03, E-21). */
function planeLabels({ plane, ownPlane }, indent) {
  if (!ownPlane || plane !== 'sidecar') return '';
  return indented('istio.io/dataplane-mode: none\nsidecar.istio.io/inject: "true"\n', indent);
}

function podSpecText({ name, protocol }, indent) {
  const text = `serviceAccountName: ${name}
containers:
- name: main
  image: registry.example.com/${name}:1.4.2
  ports:
  - containerPort: ${ports[protocol].target}
`;
  return indented(text, indent);
}

function indented(text, width) {
  return text.replace(/^(?=.)/gm, ' '.repeat(width));
}

/** Ten digits and letters that stand for the pod template, as a Deployment's controller would choose them. */
function templateHash({ name, namespace }) {
  let hash = 7;
  for (const character of `${namespace}/${name}`) hash = (hash * 31 + character.charCodeAt(0)) % 36 ** 10;
  // A letter first: a label of digits alone would be a number in YAML.
  return `h${hash.toString(36).padStart(10, '0')}`;
}
