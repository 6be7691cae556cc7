import { expect, it } from 'vitest';
import { lookedAt, lookedAtToText } from '../../src/report/looked-at.js';
import { plainPage } from '../support/page.js';
import { documents, namespace, service, waypoint, workload } from '../topology/support/builders.js';
import { topologyOf } from '../topology/support/topology.js';

const seen = (text: string) => lookedAt({ topology: topologyOf(text).value, objects: 7, ways: 3 });

it('counts what takes part, and names what was not read', () => {
  const text = documents(
    namespace('shop'),
    waypoint('waypoint'),
    service('web'),
    workload('web'),
    '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: web, namespace: shop } }',
    '{ apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: a, namespace: shop } }',
    '{ apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: b, namespace: shop } }',
    '{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: web, namespace: shop } }',
  );
  expect(lookedAtToText(seen(text), plainPage)).toBe(`\
looked at  7 objects in cluster east: 1 workload, 1 Service, 3 ways in
  points   1 waypoint
  policies 2 AuthorizationPolicies, 1 NetworkPolicy
  not read 1 autoscaling/v2/HorizontalPodAutoscaler
  assumed  one cluster, Istio 1.29, trust domain cluster.local, root namespace istio-system: there
           is no Mesh document
`);
});

it('says what it assumed where nothing is written, in few words however much that is', () => {
  const bare = Array.from({ length: 9 }, (_, index) => workload('web', { namespace: `team-${index}` }));
  const { assumed } = seen(documents(...bare));
  expect(assumed).toContain(
    'no label on namespace team-0, team-1, team-2, team-3, team-4, team-5 and 3 more, of which there is no manifest',
  );
});
