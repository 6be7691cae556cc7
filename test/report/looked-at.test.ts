import { expect, it } from 'vitest';
import { diagnostic } from '../../src/diagnostics/create.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { lookedAt, lookedAtToText } from '../../src/report/looked-at.js';
import { plainPage } from '../support/page.js';
import { documents, namespace, service, waypoint, workload } from '../topology/support/builders.js';
import { topologyOf } from '../topology/support/topology.js';

const seen = (text: string, diagnostics: readonly Diagnostic[] = []) =>
  lookedAt({ topology: topologyOf(text).value, objects: 7, ways: 3, diagnostics });

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

it('says what was no manifest, whatever else is said', () => {
  const other = diagnostic('nothing-written', { path: 'out' }, null);
  const chart = diagnostic('helm-chart', { path: 'charts/shop' }, null);
  const text = lookedAtToText(seen(documents(namespace('shop')), [other, ...Array(7).fill(chart)]), plainPage);
  expect(text.match(/`charts\/shop` is a Helm chart/g)).toHaveLength(5);
  expect(text).toMatch(/\n {2}skipped {2}`charts/);
  expect(text).toContain('\n           and 2 more\n');
  expect(text).not.toContain('out');
});

it('says what it assumed where nothing is written, in few words however much that is', () => {
  const bare = Array.from({ length: 9 }, (_, index) => workload('web', { namespace: `team-${index}` }));
  const { assumed } = seen(documents(...bare));
  expect(assumed).toContain(
    'no label on namespace team-0, team-1, team-2, team-3, team-4, team-5 and 3 more, of which there is no manifest',
  );
});
