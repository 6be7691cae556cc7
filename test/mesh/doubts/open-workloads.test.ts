import { describe, expect, it } from 'vitest';
import { doubtsIn } from '../../../src/mesh/doubts/registry.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { meshOf, threeNamespaces, waypoint, workload } from '../support/mesh.js';
import { verdictOf } from '../support/requests.js';

const on =
  (network: string, name: string, namespace = 'side') =>
  (text: string) =>
    text.replace(workload(namespace, name), workload(namespace, name, `, topology.istio.io/network: ${network}`));

const root = (network: string) => (text: string) =>
  text.replace('name: istio-system', `name: istio-system, labels: { topology.istio.io/network: ${network} }`);

function meshWith(...changes: ReadonlyArray<(text: string) => string>): Mesh {
  return meshOf(changes.reduce((text, change) => change(text), threeNamespaces));
}

function doubts({ clusters }: Mesh): readonly string[] {
  return [...clusters.values()].flatMap((at) =>
    doubtsIn(at).map(({ what, places }) => `${what}: ${places.join(', ')}`),
  );
}

describe('a pod that a label puts on another network', () => {
  const mesh = meshWith(on('far', 'server'));

  it('is undecided for whoever has a proxy, and so is what it sends', () => {
    expect(doubts(mesh)).toEqual(['network `far`: side/server']);
    expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe('not-modelled');
    expect(verdictOf(mesh, 'amb/client', 'side/server:80')).toBe('not-modelled');
    expect(verdictOf(mesh, 'side/server', 'amb/server:80')).toBe('not-modelled');
    expect(verdictOf(mesh, 'plain/client', 'side/server:80')).toBe('allowed');
  });

  it('changes nothing for others', () => expect(verdictOf(mesh, 'side/client', 'amb/server:80')).toBe('allowed'));

  it('is undecided behind a waypoint too', () => {
    const text = on(
      'far',
      'server',
      'amb',
    )(threeNamespaces).replace(
      'istio.io/dataplane-mode: ambient',
      'istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint',
    );
    expect(verdictOf(meshOf(text + waypoint('amb')), 'amb/client', 'amb/server:80')).toBe('not-modelled');
  });
});

it.each([
  ['istiod’s namespace names', [on('near', 'server'), root('near')]],
  ['the Mesh document names', [on('east', 'server')]],
])('the network that %s is the cluster’s own', (_, changes) => {
  expect(doubts(meshWith(...changes))).toEqual([]);
});

it('a WorkloadEntry names its network in a field', () => {
  const entry = `---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm, namespace: side }
spec: { address: 192.0.2.1, network: far, serviceAccount: vm, labels: { app: server } }
`;
  const mesh = meshOf(threeNamespaces + entry);
  expect(doubts(mesh)).toEqual(['network `far`: side/vm']);
});

const injected = `---
apiVersion: v1
kind: Pod
metadata:
  name: job
  namespace: side
  labels: { topology.istio.io/network: near }
  annotations: { sidecar.istio.io/status: "{}" }
spec: { containers: [{ name: main, image: example }, { name: istio-proxy, image: proxy }] }
`;

it('the injector writes the cluster’s own network on pods', () => {
  expect(doubts(meshOf(threeNamespaces + injected))).toEqual([]);
  expect(doubts(meshOf(root('home')(threeNamespaces) + injected))).toEqual(['network `near`: side/job']);
});

it.each(['WorkloadEntry', 'WorkloadGroup'])('E-30 a %s of another revision may be nobody’s', (kind) => {
  const spec = kind === 'WorkloadEntry' ? '{ address: 192.0.2.1, labels: { app: server } }' : '{ template: {} }';
  const machine = `---
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: { name: vm, namespace: side, labels: { istio.io/rev: canary } }
spec: ${spec}
`;
  expect(doubts(meshOf(threeNamespaces + machine))).toEqual(['revision `canary`: side/vm']);
});

it('E-30 a ServiceEntry of another revision leaves its host open', () => {
  const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: out, namespace: side, labels: { istio.io/rev: canary } }
spec: { hosts: [out.example.com], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
`;
  expect(doubts(meshOf(threeNamespaces + entry))).toEqual(['ServiceEntry `side/out`: side/out']);
});
