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
  ['all sidecars are labelled with, as the injector does', [on('near', 'server'), on('near', 'client')]],
])('the network that %s is the cluster’s own', (_, changes) => {
  expect(doubts(meshWith(...changes))).toEqual([]);
});

it('a network that istiod’s namespace does not name is another one, whoever is labelled so', () => {
  const changes = [on('near', 'server'), on('near', 'client'), root('home')];
  expect(doubts(meshWith(...changes))).toEqual(['network `near`: side/client', 'network `near`: side/server']);
});
