import { describe, expect, it } from 'vitest';
import { front, frontAlone } from '../support/classic-gateway.js';
import { meshOf, policy, threeNamespaces } from '../support/mesh.js';
import { bytes, verdictOf } from '../support/requests.js';

const ingress = `---
apiVersion: v1
kind: Namespace
metadata: { name: ingress }
`;
const gateway = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress, labels: { team: edge } }
spec:
  gatewayClassName: istio
  listeners: [{ name: http, port: 80, protocol: HTTP }]
`;
const passingOn = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: passing-on, namespace: edge }
spec:
  selector: { istio: front }
  servers:
  - { port: { number: 443, name: tls, protocol: TLS }, hosts: ["*.local"], tls: { mode: AUTO_PASSTHROUGH } }
`;
const denyAll = 'action: DENY, rules: [{}]';
const selecting = (labels: string) =>
  policy('ingress', 'p', `{ selector: { matchLabels: { ${labels} } }, ${denyAll} }`);
const targeting = (kind: string, name: string, namespace = 'ingress') =>
  policy(
    namespace,
    'p',
    `{ targetRefs: [{ group: gateway.networking.k8s.io, kind: ${kind}, name: ${name} }], ${denyAll} }`,
  );

function verdict(text: string, settings = {}, from = 'outside', gateways = gateway): string {
  return verdictOf(meshOf(threeNamespaces + ingress + gateways + text, settings), from, 'gateway ingress/public:80');
}

describe('§3.1 policies at a Gateway-API ingress', () => {
  it.each([
    ['its namespace', policy('ingress', 'p', `{ ${denyAll} }`), 'forbidden'],
    ['the root namespace', policy('istio-system', 'p', `{ ${denyAll} }`), 'forbidden'],
    ['its name', selecting('gateway.networking.k8s.io/gateway-name: public'), 'forbidden'],
    ['a label of the Gateway', selecting('team: edge'), 'forbidden'],
    ['another label', selecting('team: core'), 'allowed'],
    ['another namespace', policy('amb', 'p', `{ ${denyAll} }`), 'allowed'],
    ['its Gateway', targeting('Gateway', 'public'), 'forbidden'],
    ['its Gateway, from another namespace', targeting('Gateway', 'public', 'amb'), 'allowed'],
    ['another Gateway', targeting('Gateway', 'other'), 'allowed'],
    ['the waypoint class', targeting('GatewayClass', 'istio-waypoint', 'istio-system'), 'allowed'],
    ['its own class', targeting('GatewayClass', 'istio', 'istio-system'), 'allowed'],
  ])('%s: %s', (_, text, expected) => expect(verdict(text)).toBe(expected));

  it('ignores selectors when the flag is off, but not targets', () => {
    const settings = { flags: { ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: false } };
    expect(verdict(policy('ingress', 'p', `{ ${denyAll} }`), settings)).toBe('allowed');
    expect(verdict(targeting('Gateway', 'public'), settings)).toBe('forbidden');
  });

  it('W-42 the labels of its infrastructure take the place of its own', () => {
    const instead = gateway.replace('spec:', 'spec:\n  infrastructure: { labels: { team: core } }');
    expect(verdict(selecting('team: edge'), {}, 'outside', instead)).toBe('allowed');
    expect(verdict(selecting('team: core'), {}, 'outside', instead)).toBe('forbidden');
  });
});

describe('§2.10 bytes that are no request, which a gateway is to have sent on', () => {
  const listening = (...listeners: readonly string[]) =>
    gateway.replace(
      /listeners: .*/,
      `listeners: [${['{ name: http, port: 80, protocol: HTTP }', ...listeners].join(', ')}]`,
    );
  const tcp = '{ name: tcp, port: 9000, protocol: TCP, allowedRoutes: { namespaces: { from: All } } }';
  const https = '{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: public }] } }';
  const route = (to: string) => `---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
metadata: { name: bytes, namespace: amb }
spec: { parentRefs: [{ name: public, namespace: ingress }], rules: [{ backendRefs: [{ name: ${to}, port: 80 }] }] }
`;
  const alpha = { flags: { PILOT_ENABLE_ALPHA_GATEWAY_API: true } };
  const sent = (text: string, to = 'amb/server:80') =>
    verdictOf(meshOf(threeNamespaces + ingress + text, alpha), 'gateway ingress/public', to, bytes);

  it.each([
    ['listeners for requests', listening(https), 'no-path'],
    ['a listener for connections that no rule leads on', listening(tcp), 'no-path'],
    ['a rule for connections to another Service', listening(tcp) + route('client'), 'no-path'],
    ['a rule for connections that leads there', listening(tcp) + route('server'), 'allowed'],
    ['such a rule, and no listener for it', listening() + route('server'), 'no-path'],
  ])('to a port for requests, with %s', (_, text, expected) => expect(sent(text)).toBe(expected));

  it('may be requests where the port is for bytes', () => {
    const mesh = meshOf(threeNamespaces.replaceAll('name: http', 'name: tcp') + ingress + gateway);
    expect(verdictOf(mesh, 'gateway ingress/public', 'amb/server:80', bytes)).toBe('allowed');
  });

  it.each([
    ['no listener is given', frontAlone],
    ['a server name leads to any Service', front + passingOn],
  ])('come from a gateway of which %s', (_, text) => {
    expect(verdictOf(meshOf(threeNamespaces + text), 'gateway edge/front', 'amb/server:80', bytes)).toBe('allowed');
  });
});

describe('§2.9 a sidecar of a mesh whose policy is REGISTRY_ONLY', () => {
  const narrow = { outboundTrafficPolicy: 'REGISTRY_ONLY' } as const;

  it('knows the Service that istiod makes for a Gateway, unless Services are exported to their own namespace alone', () => {
    expect(verdict('', narrow, 'side/client')).toBe('allowed');
    expect(verdict('', { ...narrow, defaultServiceExportTo: ['.'] }, 'side/client')).toBe('no-path');
    expect(verdict('', { defaultServiceExportTo: ['.'] }, 'side/client')).toBe('allowed');
  });
});

describe('§3.1 a Gateway that somebody else deploys is an ordinary pod', () => {
  const deployed = `${gateway}  addresses: [{ type: Hostname, value: edge.ingress.svc.cluster.local }]
---
apiVersion: v1
kind: Service
metadata: { name: edge, namespace: ingress }
spec: { selector: { app: edge }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: ingress }
spec:
  selector: { matchLabels: { app: edge } }
  template:
    metadata:
      labels: { app: edge, sidecar.istio.io/inject: 'true' }
      annotations: { inject.istio.io/templates: gateway }
    spec: { serviceAccountName: edge, containers: [{ name: istio-proxy, image: auto }] }
`;
  it.each([
    ['targets miss it', targeting('Gateway', 'public'), 'allowed'],
    ['its labels are those of the pod', selecting('app: edge'), 'forbidden'],
    ['and not those of the Gateway', selecting('team: edge'), 'allowed'],
  ])('%s', (_, text, expected) => {
    const settings = { flags: { ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: false } };
    expect(verdict(text, settings, 'outside', deployed)).toBe(expected);
  });
});

describe('callers inside the mesh before a gateway', () => {
  const nobody = policy('ingress', 'p', "{ action: DENY, rules: [{ from: [{ source: { notPrincipals: ['*'] } }] }] }");
  const ambient = gateway.replace('team: edge', 'istio.io/dataplane-mode: ambient');
  const bound =
    gateway +
    `---
apiVersion: v1
kind: Namespace
metadata: { name: ingress, labels: { istio.io/use-waypoint: waypoint } }
`;
  it.each([
    ['ztunnel shows it no certificate', 'amb/client', gateway, 'forbidden'],
    ['nor does a pod outside the mesh', 'plain/client', gateway, 'forbidden'],
    ['a sidecar speaks plaintext to it', 'side/client', gateway, 'forbidden'],
    ['and so does a gateway', 'gateway ingress/public', gateway, 'forbidden'],
    ['what ztunnel sends to a gateway that is ambient itself', 'amb/client', ambient, 'not-modelled'],
    ['what comes to such a gateway in plaintext, which ztunnel may refuse', 'plain/client', ambient, 'not-modelled'],
    ['and from outside', 'outside', ambient, 'not-modelled'],
    ['nor whether a waypoint stands between', 'amb/client', bound, 'not-modelled'],
  ])('%s', (_, from, gateways, expected) => {
    const text = gateways === bound ? bound.replace(ingress, '') : ingress + gateways;
    expect(verdictOf(meshOf(threeNamespaces + text + nobody), from, 'gateway ingress/public:80')).toBe(expected);
  });

  it.each([
    ['in an ambient namespace is left out', 'team: edge', 'allowed'],
    ['that says so is left out', 'istio.io/dataplane-mode: none', 'allowed'],
    ['that is told otherwise goes with its namespace', 'istio.io/dataplane-mode: sidecar', 'not-modelled'],
    ['that is told so is taken in', 'istio.io/dataplane-mode: ambient', 'not-modelled'],
  ])('E-25 a gateway %s', (_, labels, expected) => {
    const home = `---
apiVersion: v1
kind: Namespace
metadata: { name: ingress, labels: { istio.io/dataplane-mode: ambient } }
`;
    const mesh = meshOf(threeNamespaces + home + gateway.replace('team: edge', labels));
    expect(verdictOf(mesh, 'outside', 'gateway ingress/public:80')).toBe(expected);
    expect(verdictOf(mesh, 'gateway ingress/public', 'side/server:80')).toBe(expected);
  });
});
