import { describe, expect, test } from 'vitest';
import {
  ambient,
  documents,
  injected,
  namespace,
  service,
  useWaypoint,
  waypoint,
  workload,
} from '../../topology/support/builders.js';
import { bound, check, shop } from '../../topology/support/findings.js';
import { topologyOf } from '../../topology/support/topology.js';

describe('AMB2505–2508, 2510: labels that name a waypoint (W-11, W-14, W-17, W-30)', () => {
  check([
    {
      law: 'W-11 once for the namespace, not for each Service',
      text: [bound, service('a'), workload('a'), service('b'), workload('b', { spec: { serviceAccountName: 'b' } })],
      expected: ['AMB2505 "waypoint"'],
    },
    {
      law: 'W-14 a namespace may mean its pods alone',
      text: [bound, waypoint('waypoint', { labels: { 'istio.io/waypoint-for': 'workload' } })],
      expected: [],
    },
    {
      law: 'W-14 a waypoint for nothing serves no namespace',
      text: [bound, waypoint('waypoint', { labels: { 'istio.io/waypoint-for': 'none' } })],
      expected: ['AMB2508 "waypoint"'],
    },
    {
      law: 'W-14 a Service at a waypoint for workloads',
      text: [
        shop,
        workload('a'),
        service('a', { labels: useWaypoint }),
        waypoint('waypoint', { labels: { 'istio.io/waypoint-for': 'workload' } }),
      ],
      expected: ['AMB2508 "waypoint"'],
    },
    {
      law: 'W-18 an ExternalName at a waypoint',
      text: [shop, waypoint('waypoint'), service('a', { labels: useWaypoint, spec: { type: 'ExternalName' } })],
      expected: ['AMB2510 "waypoint"'],
    },
  ]);

  test('the help knows a waypoint of that name in another namespace (W-10)', () => {
    const [first] = topologyOf(documents(bound, waypoint('waypoint', { namespace: 'infra' }))).diagnostics;
    expect(first?.help).toBe('add the label `istio.io/use-waypoint-namespace: infra` beside it');
  });

  test('the help knows a name that is almost right', () => {
    const text = documents(
      namespace('shop', { ...ambient, 'istio.io/use-waypoint': 'waypiont' }),
      waypoint('waypoint'),
    );
    expect(topologyOf(text).diagnostics[0]?.help).toBe('did you mean `shop/waypoint`?');
  });
});

describe('AMB2550: what is hidden from its waypoint (F-36)', () => {
  const exported = (exportTo: string, more: object = {}) =>
    JSON.stringify({
      ...JSON.parse(service('web')),
      metadata: { name: 'web', namespace: 'shop', annotations: { 'networking.istio.io/exportTo': exportTo }, ...more },
    });
  const entry = (resolution: string) =>
    JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'api', namespace: 'shop', labels: useWaypoint },
      spec: {
        hosts: ['api.example'],
        resolution,
        endpoints: [{ address: '198.51.100.7' }],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        exportTo: ['pay'],
      },
    });
  const before = [bound, waypoint('waypoint'), workload('web')];
  const shared = [
    namespace('shop', { ...ambient, ...useWaypoint, 'istio.io/use-waypoint-namespace': 'infra' }),
    waypoint('waypoint', { namespace: 'infra', allowedRoutes: { namespaces: { from: 'All' } } }),
    workload('web'),
  ];
  check([
    { law: 'a Service for another namespace', text: [...before, exported('pay')], expected: ['AMB2550 "pay"'] },
    { law: 'a Service for nobody', text: [...before, exported('~')], expected: ['AMB2550 "~"'] },
    { law: 'not one for its own namespace', text: [...before, exported('., pay')], expected: [] },
    { law: 'not one for everybody', text: [...before, exported('pay, *')], expected: [] },
    {
      law: 'not one without a waypoint',
      text: [shop, waypoint('waypoint'), workload('web'), exported('pay')],
      expected: [],
    },
    {
      law: 'a Service for its own namespace, where its waypoint is in another',
      text: [...shared, exported('.')],
      expected: ['AMB2550 "."'],
    },
    {
      law: 'likewise where the mesh says so',
      text: [...shared, service('web')],
      istio: { defaultServiceExportTo: ['.'] },
      expected: ['AMB2550 "web"'],
    },
    {
      law: 'a ServiceEntry that lists endpoints',
      text: [bound, waypoint('waypoint'), entry('STATIC')],
      expected: ['AMB2550 ["pay"]'],
    },
    {
      law: 'not one in a namespace that istiod does not watch',
      text: [...before, exported('pay')],
      istio: { discoverySelectors: [{ matchLabels: { watched: 'yes' }, matchExpressions: [] }] },
      expected: ['AMB2541 "shop"'],
    },
    {
      law: 'not one whose endpoints are looked up',
      text: [bound, waypoint('waypoint'), entry('DNS')],
      expected: [],
    },
  ]);
});

describe('AMB2517: undeclared protocols (T-54)', () => {
  const ports = (...list: readonly object[]) => service('web', { spec: { ports: list } });
  check([
    {
      law: 'only the port that declares nothing',
      text: [
        bound,
        waypoint('waypoint'),
        workload('web'),
        ports({ name: 'http', port: 80 }, { name: 'admin', port: 81 }),
      ],
      expected: ['AMB2517 {"name":"admin","port":81}'],
    },
    {
      law: 'without a waypoint nothing is guessed',
      text: [shop, workload('web'), ports({ name: 'admin', port: 81 })],
      expected: [],
    },
    {
      law: 'UDP is not guessed',
      text: [bound, waypoint('waypoint'), workload('web'), ports({ name: 'dns', port: 53, protocol: 'UDP' })],
      expected: [],
    },
  ]);
});

describe('waypoints as they are declared (W-01, W-05)', () => {
  const listeners = (...list: readonly object[]) => waypoint('waypoint', { spec: { listeners: list } });
  const mesh = { name: 'mesh', port: 15008, protocol: 'HBONE' };
  check([
    {
      law: 'W-01 two listeners',
      text: [shop, listeners(mesh, { name: 'http', port: 80, protocol: 'HTTP' })],
      expected: [
        'AMB2513 [{"name":"mesh","port":15008,"protocol":"HBONE"},{"name":"http","port":80,"protocol":"HTTP"}]',
      ],
    },
    {
      law: 'L-08 none: the API server refuses such a Gateway, as AMB5390 tells',
      text: [shop, listeners()],
      expected: [],
    },
    {
      law: 'W-01 the right protocol on the wrong port',
      text: [shop, listeners({ ...mesh, port: 15009 })],
      expected: ['AMB2513 [{"name":"mesh","port":15009,"protocol":"HBONE"}]'],
    },
    {
      law: 'an ingress Gateway is no waypoint, and serves no HBONE',
      text: [shop, waypoint('none', { className: 'istio' })],
      expected: ['AMB2546 {"name":"mesh","port":15008,"protocol":"HBONE"}'],
    },
  ]);
});

describe('Services', () => {
  check([
    {
      law: 'AMB2520 not for the Service of a revision tag (E-31)',
      text: [shop, service('istiod-stable', { labels: { 'istio.io/tag': 'stable' } })],
      expected: [],
    },
    {
      law: 'AMB2520 not for the pods that Istio makes for a Gateway (W-03)',
      text: [shop, service('edge', { spec: { selector: { 'gateway.networking.k8s.io/gateway-name': 'edge' } } })],
      expected: [],
    },
    {
      law: 'AMB2526 on a namespace with one working waypoint (W-60)',
      text: [
        namespace('shop', { ...ambient, 'istio.io/ingress-use-waypoint': 'true' }),
        waypoint('waypoint'),
        workload('a'),
        service('a', { labels: useWaypoint }),
      ],
      expected: [],
    },
    {
      law: 'AMB2526 on a namespace without any (W-60)',
      text: [namespace('shop', { ...ambient, 'istio.io/ingress-use-waypoint': 'true' }), workload('a'), service('a')],
      expected: ['AMB2526 "true"'],
    },
    {
      law: 'AMB2519 not while sidecars listen for HBONE (T-28)',
      text: [namespace('shop', { ...injected, ...useWaypoint }), waypoint('waypoint'), workload('a'), service('a')],
      istio: { sidecarsListenHbone: true },
      expected: [],
    },
    {
      law: 'AMB2530 for pods in different modes (I-02)',
      text: [
        shop,
        service('web'),
        workload('web'),
        workload('old', { labels: { app: 'web', 'istio.io/dataplane-mode': 'none' } }),
      ],
      expected: ['AMB2530 "web"'],
    },
  ]);
});
