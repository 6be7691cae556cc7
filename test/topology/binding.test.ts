import { describe, expect, test } from 'vitest';
import type { Binding } from '../../src/topology/model.js';
import {
  ambient,
  documents,
  type GatewayOptions,
  namespace,
  pod,
  type ServiceOptions,
  service,
  useWaypoint,
  waypoint,
  workload,
} from './support/builders.js';
import { clusterOf, present } from './support/topology.js';

type Labels = Readonly<Record<string, string>>;

const named = (name: string, inNamespace?: string) => ({
  'istio.io/use-waypoint': name,
  ...(inNamespace === undefined ? {} : { 'istio.io/use-waypoint-namespace': inNamespace }),
});
const waypointFor = (value: string) => ({ labels: { 'istio.io/waypoint-for': value } });

function bindingOf(namespaceLabels: Labels, serviceOptions: ServiceOptions, ...waypoints: readonly string[]): Binding {
  const text = documents(
    namespace('shop', namespaceLabels),
    namespace('infra', { team: 'mesh' }),
    service('web', serviceOptions),
    ...waypoints,
  );
  return present(clusterOf(text).services.get('shop/web')).binding;
}

const bound = (by: string, key = 'shop/waypoint') => ({ kind: 'bound', waypoint: key, by });
const broken = (reason: string, by: string, key = 'shop/waypoint') => ({ kind: 'broken', waypoint: key, by, reason });

describe('precedence (W-10, W-11)', () => {
  test.each<[law: string, namespace: Labels, service: Labels, expected: object]>([
    ['no label names one', {}, {}, { kind: 'unlabelled' }],
    ['W-10 own label', {}, useWaypoint, bound('Service')],
    ['W-11 namespace label when there is no own label', useWaypoint, {}, bound('Namespace')],
    ['W-11 own label over namespace label', named('other'), useWaypoint, bound('Service')],
    ['W-11 own none stops the search', useWaypoint, named('none'), { kind: 'opted-out', by: 'Service' }],
    ['W-05 none on the namespace opts out', named('none'), {}, { kind: 'opted-out', by: 'Namespace' }],
    [
      'W-11 an own label that fails does not fall back',
      useWaypoint,
      named('gone'),
      broken('missing', 'Service', 'shop/gone'),
    ],
    [
      'W-10 the namespace is read from the object that names the waypoint',
      { ...useWaypoint, 'istio.io/use-waypoint-namespace': 'infra' },
      useWaypoint,
      bound('Service'),
    ],
    [
      'W-10 a namespace label alone amends nothing',
      useWaypoint,
      { 'istio.io/use-waypoint-namespace': 'infra' },
      bound('Namespace'),
    ],
  ])('%s', (_, namespaceLabels, labels, expected) => {
    expect(bindingOf(namespaceLabels, { labels }, waypoint('waypoint'))).toEqual(expected);
  });
});

describe('why a waypoint does not serve (W-14, W-17, W-30, W-31)', () => {
  const address = { addresses: [{ value: '10.0.0.1' }] };
  test.each<[law: string, labels: Labels, gateway: GatewayOptions, expected: object]>([
    ['W-31 missing', named('gone'), {}, broken('missing', 'Service', 'shop/gone')],
    ['W-30 a status without address', useWaypoint, { status: { conditions: [] } }, broken('not-ready', 'Service')],
    ['W-30 a status with an address', useWaypoint, { status: address }, bound('Service')],
    ['an empty status says nothing', useWaypoint, { status: {} }, bound('Service')],
    ['W-14 waypoint-for workload', useWaypoint, waypointFor('workload'), broken('unsupported-traffic-type', 'Service')],
    ['W-14 waypoint-for none', useWaypoint, waypointFor('none'), broken('unsupported-traffic-type', 'Service')],
    [
      'W-14 an unknown value serves nothing',
      useWaypoint,
      waypointFor('services'),
      broken('unsupported-traffic-type', 'Service'),
    ],
    ['W-14 waypoint-for all', useWaypoint, waypointFor('all'), bound('Service')],
  ])('%s', (_, labels, options, expected) => {
    expect(bindingOf({}, { labels }, waypoint('waypoint', options))).toEqual(expected);
  });

  test('W-14 the label of the GatewayClass counts where the Gateway has none', () => {
    const gatewayClass = JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'istio-waypoint', labels: { 'istio.io/waypoint-for': 'workload' } },
      spec: { controllerName: 'istio.io/mesh-controller' },
    });
    const inherits = waypoint('waypoint');
    const overrides = waypoint('waypoint', waypointFor('service'));
    expect(bindingOf({}, { labels: useWaypoint }, gatewayClass, inherits)).toEqual(
      broken('unsupported-traffic-type', 'Service'),
    );
    expect(bindingOf({}, { labels: useWaypoint }, gatewayClass, overrides)).toEqual(bound('Service'));
  });

  test.each<[law: string, allowedRoutes: unknown, admitted: boolean]>([
    ['W-17 default is Same', undefined, false],
    ['W-17 Same', { namespaces: { from: 'Same' } }, false],
    ['W-17 All', { namespaces: { from: 'All' } }, true],
    [
      'W-17 Selector that matches',
      { namespaces: { from: 'Selector', selector: { matchLabels: { tier: 'front' } } } },
      true,
    ],
    [
      'W-17 Selector that does not',
      { namespaces: { from: 'Selector', selector: { matchLabels: { tier: 'back' } } } },
      false,
    ],
    [
      'W-17 Selector on the name of the namespace',
      { namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } } },
      true,
    ],
    [
      'W-17 Selector by expression',
      {
        namespaces: {
          from: 'Selector',
          selector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }] },
        },
      },
      true,
    ],
    [
      'W-17 Selector by absence',
      { namespaces: { from: 'Selector', selector: { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] } } },
      false,
    ],
  ])('%s', (_, allowedRoutes, admitted) => {
    const labels = named('waypoint', 'infra');
    const binding = bindingOf(
      { tier: 'front' },
      { labels },
      waypoint('waypoint', { namespace: 'infra', allowedRoutes }),
    );
    expect(binding).toEqual(
      admitted ? bound('Service', 'infra/waypoint') : broken('attachment-denied', 'Service', 'infra/waypoint'),
    );
  });
});

describe('Services that no waypoint governs', () => {
  test.each<[law: string, options: ServiceOptions, expected: object]>([
    ['W-15 headless', { spec: { clusterIP: 'None' } }, broken('no-vip', 'Namespace')],
    [
      'W-18 ExternalName',
      { spec: { type: 'ExternalName', externalName: 'example.com' } },
      broken('no-vip', 'Namespace'),
    ],
    [
      'W-18 a waypoint has none itself',
      { labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } },
      { kind: 'unlabelled' },
    ],
    ['a NodePort has a virtual IP', { spec: { type: 'NodePort' } }, bound('Namespace')],
  ])('%s', (_, options, expected) => {
    expect(bindingOf(useWaypoint, options, waypoint('waypoint'))).toEqual(expected);
  });
});

describe('pods and entries (W-13, W-14, W-15)', () => {
  const podBinding = (labels: Labels, options: GatewayOptions) => {
    const text = documents(namespace('shop', useWaypoint), pod('web', { labels }), waypoint('waypoint', options));
    return present(clusterOf(text).workloads.get('shop/web')).binding;
  };

  test('W-15 a namespace label gives pods nothing while the waypoint is for Services', () => {
    expect(podBinding({}, {})).toEqual(broken('unsupported-traffic-type', 'Namespace'));
  });

  test('W-14 waypoint-for all or workload serves pods', () => {
    expect(podBinding({}, waypointFor('all'))).toEqual(bound('Namespace'));
    expect(podBinding(useWaypoint, waypointFor('workload'))).toEqual(bound('Pod'));
  });

  test('the pods of a waypoint have none', () => {
    const labels = { 'gateway.networking.k8s.io/gateway-name': 'waypoint' };
    expect(podBinding(labels, waypointFor('all'))).toEqual({ kind: 'unlabelled' });
  });

  test('a Deployment counts by the labels of its pods', () => {
    const text = documents(
      namespace('shop'),
      workload('web', { labels: useWaypoint }),
      waypoint('waypoint', waypointFor('all')),
    );
    expect(clusterOf(text).workloads.get('shop/web')?.binding).toEqual(bound('Pod'));
  });

  test('ServiceEntry and WorkloadEntry carry labels of their own (W-10)', () => {
    const entry = (kind: string, spec: unknown) =>
      JSON.stringify({
        apiVersion: 'networking.istio.io/v1',
        kind,
        metadata: { name: 'vm', namespace: 'shop', labels: useWaypoint },
        spec,
      });
    const text = documents(
      namespace('shop', ambient),
      entry('ServiceEntry', { hosts: ['db.example.com'] }),
      entry('WorkloadEntry', { address: '10.1.2.3' }),
      waypoint('waypoint', waypointFor('all')),
    );
    const cluster = clusterOf(text);
    expect(cluster.serviceEntries.get('shop/vm')?.binding).toEqual(bound('ServiceEntry'));
    expect(cluster.workloads.get('shop/vm')?.binding).toEqual(bound('WorkloadEntry'));
  });
});

describe('ingress-use-waypoint (W-60)', () => {
  const asks = (value: string) => ({ 'istio.io/ingress-use-waypoint': value });
  test.each<[law: string, namespace: Labels, service: Labels, expected: boolean]>([
    ['absent', {}, {}, false],
    ['on the Service', {}, asks('true'), true],
    ['on the namespace', asks('true'), {}, true],
    ['the Service wins over the namespace', asks('true'), asks('false'), false],
    ['any case of true', {}, asks('True'), true],
  ])('%s', (_, namespaceLabels, labels, expected) => {
    const text = documents(namespace('shop', namespaceLabels), service('web', { labels }));
    expect(clusterOf(text).services.get('shop/web')?.ingressUsesWaypoint).toBe(expected);
  });
});

describe('the waypoint itself', () => {
  test('W-40 runs as the service account of its name, or as its annotation says', () => {
    const chosen = { annotations: { 'gateway.istio.io/service-account': 'mesh' } };
    const { waypoints } = clusterOf(documents(waypoint('one'), waypoint('two', chosen)));
    expect([...waypoints.values()].map(({ serviceAccount }) => serviceAccount)).toEqual(['one', 'mesh']);
  });

  test('W-01 a class of one’s own counts where its controller is Istio’s', () => {
    const gatewayClass = JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'big-waypoint' },
      spec: { controllerName: 'istio.io/mesh-controller' },
    });
    const text = documents(gatewayClass, waypoint('waypoint', { className: 'big-waypoint' }));
    expect([...clusterOf(text).waypoints.keys()]).toEqual(['shop/waypoint']);
  });
});
