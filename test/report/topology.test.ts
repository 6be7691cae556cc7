import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { topologyToJson, topologyToText } from '../../src/report/topology.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { plainPage } from '../support/page.js';
import {
  ambient,
  documents,
  namespace,
  service,
  useWaypoint,
  waypoint,
  workload,
} from '../topology/support/builders.js';
import { meshWith, objectsIn, topologyOf } from '../topology/support/topology.js';

const text = documents(
  namespace('shop', { ...ambient, ...useWaypoint }),
  waypoint('waypoint'),
  service('web', { labels: { 'istio.io/ingress-use-waypoint': 'true' } }),
  workload('web', {
    spec: { serviceAccountName: 'web', containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }] },
  }),
  workload('agent', { kind: 'DaemonSet', labels: { 'istio.io/dataplane-mode': 'none' } }),
  service('db', { spec: { clusterIP: 'None', selector: { app: 'nobody' } } }),
  waypoint('public', {
    className: 'istio',
    namespace: 'edge',
    spec: {
      listeners: [
        { name: 'web', port: 80, protocol: 'HTTP' },
        { name: 'db', port: 5432, protocol: 'TCP' },
      ],
    },
  }),
  '{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: web, namespace: shop } }',
);

test('for a person', () => {
  expect(topologyToText(topologyOf(text).value, plainPage)).toBe(`\
cluster east · network east · Istio 1.29, revision default · cluster.local
2 workloads (1 ambient, 1 outside the mesh) · 2 Services · 1 waypoint · 1 gateway

namespace edge (no manifest: its labels count as absent)
  Gateway public                                                                         Gateway API
    identity  cluster.local/ns/edge/sa/public-istio
    listens   80 web http (Gateway public)
              5432 db tcp (Gateway public): left out, in Istio 1.29 a listener of protocol TCP
              counts only with PILOT_ENABLE_ALPHA_GATEWAY_API (T-50, T-52)

namespace shop
  Waypoint waypoint                                                                   istio-waypoint
    identity  cluster.local/ns/shop/sa/waypoint
    serves    traffic to Services; 1 Service bound
    admits    namespace shop
  Service db                                                                                headless
    ports     80  http  → 8080  http (port name)
    workloads none
    waypoint  none: shop/waypoint, named on Namespace, needs a virtual IP to be reached (W-15)
    paths     none: nothing is behind it
  Service web                                                                              ClusterIP
    ports     80  http  → 8080  http (port name)
    workloads web
    waypoint  shop/waypoint (label on Namespace)
    ingress   asked to use the waypoint
    paths     from     to its name                  to a pod IP
              ambient  waypoint (W-13)              direct with identity (E-08)
              sidecar  direct with identity (I-02)  direct plaintext (istio#37431)
              gateway  waypoint (W-60)              no path (W-63)
              outside  direct plaintext (I-06)      direct plaintext (I-06)
  DaemonSet agent                                                                   outside the mesh
    because   label \`istio.io/dataplane-mode=none\` on the pod (E-03)
  Deployment web                                                                             ambient
    because   label \`istio.io/dataplane-mode=ambient\` on namespace \`shop\` (E-01)
    identity  cluster.local/ns/shop/sa/web
    services  web
    ports     8080 http

not read
  1  autoscaling/v2/HorizontalPodAutoscaler
`);
});

test('for a program', () => {
  const json = topologyToJson(topologyOf(text).value);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(json).toMatchObject({
    mesh: 'test',
    clusters: [
      {
        name: 'east',
        istio: { version: '1.29', revision: 'default' },
        workloads: [
          { name: 'agent', mode: { plane: 'none', fact: 'E-03' }, principal: null },
          {
            name: 'web',
            mode: { plane: 'ambient' },
            principal: 'cluster.local/ns/shop/sa/web',
            services: ['shop/web'],
          },
        ],
        services: [
          { name: 'db', waypoint: { kind: 'broken', reason: 'no-vip' } },
          { name: 'web', waypoint: { kind: 'bound', waypoint: 'shop/waypoint', by: 'Namespace' } },
        ],
        waypoints: [{ name: 'waypoint', waypointFor: 'service', allowedRoutes: { from: 'Same', selector: null } }],
        gateways: [
          {
            name: 'public',
            principal: 'cluster.local/ns/edge/sa/public-istio',
            listeners: [
              { name: 'web', podPort: 80, reads: 'requests', hosts: ['*'], standing: { kind: 'open' } },
              { name: 'db', podPort: 5432, reads: 'connections', standing: { kind: 'left-out' } },
            ],
          },
        ],
        ignored: { 'autoscaling/v2/HorizontalPodAutoscaler': 1 },
      },
    ],
  });
});

test('several clusters are set apart by a rule', () => {
  const objects = [...objectsIn(namespace('shop'), 'east'), ...objectsIn(namespace('shop'), 'west')];
  const printed = topologyToText(buildTopology(meshWith({}, ['east', 'west']), objects).value, plainPage);
  expect(printed.split(`\n${'─'.repeat(100)}\n\n`)).toHaveLength(2);
});

const realWorld = new URL('../../../shared/realworld/', import.meta.url);

describe.skipIf(!existsSync(realWorld))('applications of the real world', () => {
  const read = (application: string, files: readonly string[]) =>
    files.flatMap((file) =>
      objectsIn(readFileSync(new URL(`${application}/${file}`, realWorld), 'utf8'), 'east', file),
    );
  const enrolled = objectsIn(
    documents(namespace('default', { ...ambient, ...useWaypoint }), waypoint('waypoint', { namespace: 'default' })),
  );

  test.each([
    ['bookinfo', ['bookinfo.yaml', 'bookinfo-versions.yaml'], 6, 10],
    ['online-boutique', ['kubernetes-manifests.yaml', 'istio-manifests.yaml'], 12, 12],
  ] as const)(
    '%s is understood without an error, in lines of 100 columns',
    (application, files, workloads, services) => {
      const { value, diagnostics } = buildTopology(meshWith(), [...read(application, files), ...enrolled]);
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const [cluster] = value.clusters;
      expect([cluster?.workloads.size, cluster?.services.size]).toEqual([workloads, services]);
      const planes = [...(cluster?.workloads.values() ?? [])].map(({ mode }) => mode.plane);
      expect(new Set(planes)).toEqual(new Set(['ambient']));
      const widest = Math.max(
        ...topologyToText(value, plainPage)
          .split('\n')
          .map((line) => [...line].length),
      );
      expect(widest).toBeLessThanOrEqual(100);
    },
  );
});
