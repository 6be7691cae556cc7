import { expect, it } from 'vitest';
import { doubtsIn } from '../../../src/mesh/doubts/registry.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { meshOf, service, threeNamespaces, waypoint, workload } from '../support/mesh.js';
import { verdictOf } from '../support/requests.js';

function doubts({ clusters }: Mesh): readonly string[] {
  return [...clusters.values()].flatMap((at) =>
    doubtsIn(at).map(({ what, path, places }) => `${what} (${path.join('.')}): ${places.join(', ')}`),
  );
}

const governed =
  threeNamespaces.replace(
    'istio.io/dataplane-mode: ambient',
    'istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint',
  ) +
  workload('side', 'second') +
  service('side', 'second');

it('a waypoint that is reached otherwise than by HBONE is undecided, for ambient callers alone', () => {
  const bound = waypoint('amb').replace(
    'name: waypoint,',
    'name: waypoint, annotations: { ambient.istio.io/waypoint-inbound-binding: PROXY/15088 },',
  );
  const mesh = meshOf(governed + bound);
  expect(doubts(mesh)).toEqual([
    'annotation `ambient.istio.io/waypoint-inbound-binding` (metadata.annotations.ambient.istio.io/waypoint-inbound-binding): amb/server',
  ]);
  expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe('not-modelled');
  expect(verdictOf(mesh, 'plain/client', 'amb/server:80')).toBe('allowed');
  expect(verdictOf(mesh, 'amb/client', 'side/server:80')).toBe('allowed');
});

it('the same where its class says so', () => {
  const ofClass = `---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: istio-waypoint, annotations: { ambient.istio.io/waypoint-inbound-binding: NONE } }
spec: { controllerName: istio.io/mesh-controller }
`;
  expect(verdictOf(meshOf(governed + waypoint('amb') + ofClass), 'amb/client', 'amb/server:80')).toBe('not-modelled');
});

it('W-20 a canary of a waypoint is undecided from Istio 1.31 on', () => {
  const text = governed.replace('labels: {}', 'labels: { istio.io/use-waypoint-canary: next }') + waypoint('amb');
  expect(doubts(meshOf(text, { version: '1.31' }))).toEqual([
    'label `istio.io/use-waypoint-canary` (metadata.labels.istio.io/use-waypoint-canary): amb/server',
  ]);
  expect(doubts(meshOf(text, { version: '1.30' }))).toEqual([]);
});

const sidecar = (spec: string) => `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: own, namespace: side }
spec: { workloadSelector: { labels: { app: client } }, ${spec} }
`;

it.each([
  ['egress: [{ hosts: ["*/*"], port: { number: 3128, protocol: HTTP_PROXY, name: http } }]', 'spec.egress.0'],
  [
    'egress: [{ hosts: ["*/*"], captureMode: NONE, port: { number: 1, protocol: TCP, name: t } }, { hosts: ["*/*"] }]',
    'spec.egress.0',
  ],
  ['ingress: [{ port: { number: 9, protocol: TCP, name: t }, captureMode: NONE }]', 'spec.ingress.0'],
  [
    'outboundTrafficPolicy: { mode: ALLOW_ANY, egressProxy: { host: out.example.com, port: { number: 80 } } }',
    'spec.outboundTrafficPolicy.egressProxy',
  ],
])('§2.9 a Sidecar whose listeners are addressed, or that sends through a proxy: %s', (spec, path) => {
  expect(doubts(meshOf(governed + sidecar(spec)))).toEqual([`Sidecar \`side/own\` (${path}): side/client`]);
});

it('§2.9 a Sidecar that only imports hosts is read', () => {
  expect(doubts(meshOf(governed + sidecar('egress: [{ hosts: ["./*"] }]')))).toEqual([]);
});
