import { expect, it } from 'vitest';
import { readMesh } from '../../src/mesh/mesh.js';
import { overlay } from '../../src/mesh/overlay.js';
import { readTopologyOf } from '../../src/topology/build-topology.js';
import { sortOut } from '../../src/topology/objects-by-namespace.js';
import { objectsOf, policy, settingsOf, threeNamespaces, waypoint } from './support/mesh.js';
import { verdictOf } from './support/requests.js';

function meshAfter(emitted: string, given = threeNamespaces) {
  const objects = overlay(sortOut(objectsOf(given)), sortOut(objectsOf(emitted, 'out.yaml')));
  return readMesh(readTopologyOf(settingsOf(), objects)).value;
}

const labelled = `---
apiVersion: v1
kind: Service
metadata: { name: server, namespace: amb, labels: { istio.io/use-waypoint: waypoint } }
`;

it('adds the labels of a Service without a spec to the Service that is there', () => {
  const mesh = meshAfter(labelled + waypoint('amb'));
  const service = mesh.clusters.get('east')?.cluster.services.get('amb/server');
  expect(service?.ports).toHaveLength(3);
  expect(service?.binding).toEqual({ kind: 'bound', waypoint: 'amb/waypoint', by: 'Service' });
});

it('adds a label to a Namespace and keeps those that are there', () => {
  const mesh = meshAfter(
    '{ apiVersion: v1, kind: Namespace, metadata: { name: amb, labels: { istio.io/use-waypoint: waypoint } } }',
  );
  expect(mesh.clusters.get('east')?.cluster.namespaces.get('amb')?.labels).toMatchObject({
    'istio.io/dataplane-mode': 'ambient',
    'istio.io/use-waypoint': 'waypoint',
  });
});

it('replaces a policy of the same name, whatever the version of its API', () => {
  const given =
    threeNamespaces + policy('amb', 'p', '{ action: DENY, rules: [{}] }').replace('istio.io/v1', 'istio.io/v1beta1');
  const emitted = policy('amb', 'p', '{ rules: [{}] }');
  expect(verdictOf(meshAfter(policy('amb', 'other', '{ rules: [{}] }'), given), 'amb/client', 'amb/server:80')).toBe(
    'closed',
  );
  expect(verdictOf(meshAfter(emitted, given), 'amb/client', 'amb/server:80')).toBe('allowed');
});
