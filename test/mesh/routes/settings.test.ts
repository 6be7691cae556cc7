import { describe, expect, it } from 'vitest';
import { settleMesh } from '../../../src/installation/settle.js';
import { type Mesh, readMesh } from '../../../src/mesh/mesh.js';
import { callerOf } from '../../../src/mesh/paths/caller.js';
import { waysFor } from '../../../src/mesh/paths/ways.js';
import type { HttpRequest, Source } from '../../../src/mesh/request.js';
import { differencesBetween } from '../../../src/mesh/routes/settings/differences.js';
import type { BackendSettings, HopSettings, RequestSettings } from '../../../src/mesh/routes/settings/effective.js';
import { settingsOnWay } from '../../../src/mesh/routes/settings/on-way.js';
import type { Setting } from '../../../src/mesh/routes/settings/setting.js';
import { parseSources } from '../../../src/parse/parse-sources.js';
import { readTopology } from '../../../src/topology/build-topology.js';
import { meshOf, type Settings, service, threeNamespaces, waypoint, workload } from '../support/mesh.js';
import { get, requestOf } from '../support/requests.js';

const object = (kind: string, namespace: string, spec: string, name = 'own', created = '', labels = '{}') => `---
apiVersion: ${/^(?:VirtualService|DestinationRule|EnvoyFilter)$/.test(kind) ? 'networking.istio.io' : 'gateway.networking.k8s.io'}/${kind === 'EnvoyFilter' ? 'v1alpha3' : 'v1'}
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace}, labels: ${labels}${created && `, creationTimestamp: "${created}"`} }
spec: ${spec}
`;
const host = (namespace: string) => `server.${namespace}.svc.cluster.local`;
const virtualService = (namespace: string, rule: string) =>
  object('VirtualService', namespace, `{ hosts: [${host(namespace)}], http: [{ ${rule} }] }`);
const toServer = 'route: [{ destination: { host: server } }]';
const httpRoute = (namespace: string, rule: string) =>
  object(
    'HTTPRoute',
    namespace,
    `{ parentRefs: [{ group: "", kind: Service, name: server }], rules: [{ backendRefs: [{ name: server, port: 80 }], ${rule} }] }`,
  );
const rule = (namespace: string, spec: string, name = 'own', created = '', at = namespace) =>
  object('DestinationRule', at, `{ host: ${host(namespace)}, ${spec} }`, name, created);

const behindWaypoint =
  threeNamespaces.replace(
    'name: amb, labels: { istio.io/dataplane-mode: ambient }',
    'name: amb, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint }',
  ) + waypoint('amb');

function hops(mesh: Mesh, from: string, to: string, payload: HttpRequest | { kind: 'tcp' } = get()) {
  const { source, destination, payload: sent } = requestOf(from, to, payload);
  const caller = callerOf(mesh, source);
  if (caller.kind !== 'caller' || destination.kind !== 'service') throw new Error('no request to a Service');
  return waysFor(mesh, caller, destination, sent).map((way) => settingsOnWay(mesh, way, source));
}

function final(text: string, from: string, to: string, settings: Settings = {}): HopSettings {
  const found = hops(meshOf(text, settings), from, to)[0]?.at(-1);
  if (found === undefined) throw new Error('no proxy keeps to any settings');
  return found;
}

/** `3000 (line 12)`, `{…} (default)`, `open: why`. */
function shown<T>(setting: Setting<T> | undefined): string {
  if (setting === undefined) return 'nothing';
  if (!setting.known) return `open: ${setting.why}`;
  const { value, by } = setting;

  return `${JSON.stringify(value) ?? 'none'} (${by === undefined ? 'default' : by.object.kind})`;
}

const request = (hop: HopSettings, name: keyof RequestSettings) => shown<unknown>(hop.settings.request?.[name]);
const backend = (hop: HopSettings, name: Exclude<keyof BackendSettings, 'host' | 'port' | 'subset'>) =>
  shown<unknown>(hop.settings.backend?.[name]);

describe('time and retries', () => {
  const onDefault =
    '"attempts":2,"conditions":["cancelled","connect-failure","refused-stream","retriable-status-codes","unavailable"],"avoidsTriedPods":true';

  it('T-35 a sidecar without routes sends again by the default of the mesh, and waits without end', () => {
    const hop = final(threeNamespaces, 'side/client', 'side/server:80');
    expect(hop.at).toBe('sidecar');
    expect(request(hop, 'timeout')).toBe('none (default)');
    expect(JSON.parse(request(hop, 'retries').replace(' (default)', ''))).toMatchObject(JSON.parse(`{${onDefault}}`));
  });

  it('T-35 a route that says nothing of retries leaves them to the default, one of 0 attempts switches them off', () => {
    const of = (more: string) =>
      request(
        final(threeNamespaces + virtualService('side', `${more}${toServer}`), 'side/client', 'side/server:80'),
        'retries',
      );
    expect(of('timeout: 3s, ')).toContain('"attempts":2');
    expect(of('retries: { attempts: 0 }, ')).toBe('none (VirtualService)');
    expect(of('retries: { }, ')).toBe('none (VirtualService)');
    expect(of('retries: { attempts: 3, perTryTimeout: 500ms, retryOn: "5xx,503" }, ')).toBe(
      '{"attempts":3,"perTryTimeout":500,"conditions":["5xx","retriable-status-codes"],"statusCodes":[503],"avoidsTriedPods":true,"triesOtherLocalities":false} (VirtualService)',
    );
  });

  it('T-32 the timeouts of a VirtualService and of an HTTPRoute', () => {
    const ofVirtualService = (timeout: string) =>
      request(
        final(
          threeNamespaces + virtualService('side', `timeout: ${timeout}, ${toServer}`),
          'side/client',
          'side/server:80',
        ),
        'timeout',
      );
    expect(ofVirtualService('1.5s')).toBe('1500 (VirtualService)');
    const readFromCluster = virtualService('side', `timeout: 0s, ${toServer}`).replace('{ name:', '{ uid: read, name:');
    expect(request(final(threeNamespaces + readFromCluster, 'side/client', 'side/server:80'), 'timeout')).toBe(
      'none (VirtualService)',
    );
    const ofHttpRoute = (more: string) =>
      final(threeNamespaces + httpRoute('side', more), 'side/client', 'side/server:80');
    expect(request(ofHttpRoute('timeouts: { request: 2s }'), 'timeout')).toBe('2000 (HTTPRoute)');
    expect(request(ofHttpRoute('timeouts: { request: 2s, backendRequest: 1s }'), 'timeout')).toBe('1000 (HTTPRoute)');
    expect(request(ofHttpRoute('timeouts: { request: 0s }'), 'timeout')).toBe('none (default)');
    const retried = ofHttpRoute('timeouts: { request: 2s, backendRequest: 1s }, retry: { codes: [503] }');
    expect(request(retried, 'timeout')).toBe('2000 (HTTPRoute)');
    expect(request(retried, 'retries')).toContain('"attempts":2,"perTryTimeout":1000');
    expect(request(retried, 'retries')).toContain('"statusCodes":[503]');
  });

  it.each([
    ['1.29', '"conditions":["reset-before-request"]'],
    ['1.30', 'open: whether the waypoint is of 1.30.3'],
    ['1.31', '"conditions":["cancelled"'],
  ] as const)('T-35 a waypoint of %s without a route for the Service: %s', (version, expected) => {
    const hop = final(behindWaypoint, 'amb/client', 'amb/server:80', { version });
    expect(hop.at).toBe('waypoint');
    expect(request(hop, 'retries')).toContain(expected);
  });

  it('T-35 with a route it does as sidecars do', () => {
    const rules = `timeout: 2s, ${toServer}`;
    const atWaypoint = final(behindWaypoint + virtualService('amb', rules), 'amb/client', 'amb/server:80');
    const atSidecar = final(threeNamespaces + virtualService('side', rules), 'side/client', 'side/server:80');
    expect(request(atWaypoint, 'retries')).toBe(request(atSidecar, 'retries'));
    expect(differencesBetween(atWaypoint.settings, atSidecar.settings)).toEqual(['backend.host', 'backend.tls']);
  });

  it('faults, mirrors and answers', () => {
    const rules = `fault: { delay: { percentage: { value: 10 }, fixedDelay: 5s } }, mirror: { host: client }, mirrorPercentage: { value: 20 }, ${toServer}`;
    const hop = final(
      threeNamespaces + service('side', 'client') + virtualService('side', rules),
      'side/client',
      'side/server:80',
    );
    expect(request(hop, 'delay')).toBe('{"percent":10,"duration":5000} (VirtualService)');
    expect(request(hop, 'mirrors')).toBe('[{"host":"client.side.svc.cluster.local","percent":20}] (VirtualService)');
    const answer = final(
      threeNamespaces + virtualService('side', 'directResponse: { status: 418 }'),
      'side/client',
      'side/server:80',
    );
    expect(request(answer, 'status')).toBe('418 (VirtualService)');
    expect(answer.settings.backend).toBeUndefined();
  });

  it('ztunnel and plaintext keep to nothing', () => {
    expect(hops(meshOf(threeNamespaces), 'amb/client', 'amb/server:80')).toEqual([[]]);
    expect(hops(meshOf(threeNamespaces), 'plain/client', 'side/server:80')).toEqual([[]]);
  });

  it('connections have no timeout and no retries, but limits', () => {
    const text = threeNamespaces + rule('side', 'trafficPolicy: { connectionPool: { tcp: { maxConnections: 7 } } }');
    const [[hop] = []] = hops(meshOf(text), 'side/client', 'side/server:81', { kind: 'tcp' });
    expect(hop?.settings.request).toBeUndefined();
    expect(hop && backend(hop, 'limits')).toContain('"maxConnections":7');
  });
});

describe('DestinationRules', () => {
  const random = 'trafficPolicy: { loadBalancer: { simple: RANDOM } }';
  const roundRobin = 'trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } }';
  const algorithm = (text: string, from = 'side/client', to = 'side/server:80') =>
    backend(final(text, from, to), 'algorithm');

  it('T-07 the client’s namespace goes before the Service’s, and that before the root', () => {
    expect(algorithm(threeNamespaces)).toBe('"LEAST_REQUEST" (default)');
    const root = rule('side', random, 'root', '', 'istio-system');
    expect(algorithm(threeNamespaces + root)).toBe('"RANDOM" (DestinationRule)');
    expect(algorithm(threeNamespaces + root + rule('side', roundRobin))).toBe('"ROUND_ROBIN" (DestinationRule)');
    const own = rule('amb', roundRobin, 'own', '', 'side') + rule('amb', random);
    expect(algorithm(threeNamespaces + own, 'side/client', 'amb/server:80')).toBe('"ROUND_ROBIN" (DestinationRule)');
    expect(algorithm(behindWaypoint + own, 'amb/client', 'amb/server:80')).toBe('"RANDOM" (DestinationRule)');
  });

  it('T-07 of rules that are merged the oldest that says anything counts; without dates it is open', () => {
    const first = (created: string) => rule('side', random, 'first', created);
    const second = rule('side', roundRobin, 'second', '2026-01-02T00:00:00Z');
    expect(algorithm(threeNamespaces + first('2026-01-03T00:00:00Z') + second)).toBe('"ROUND_ROBIN" (DestinationRule)');
    expect(algorithm(threeNamespaces + first('2026-01-01T00:00:00Z') + second)).toBe('"RANDOM" (DestinationRule)');
    expect(algorithm(threeNamespaces + first('') + second)).toBe(
      'open: which of DestinationRule side/first, side/second counts (T-07)',
    );
    const mute = rule('side', 'subsets: [{ name: v1, labels: { version: v1 } }]', 'mute');
    expect(algorithm(threeNamespaces + mute + first(''))).toBe('"RANDOM" (DestinationRule)');
  });

  it('T-40 a sidecar leaves the pod of a Service without a virtual IP to the client, whatever rules say', () => {
    const headless = threeNamespaces.replaceAll(
      'selector: { app: server }\n',
      'selector: { app: server }\n  clusterIP: None\n',
    );
    expect(algorithm(headless)).toBe('"PASSTHROUGH" (default)');
    expect(algorithm(headless + rule('side', random))).toBe('"PASSTHROUGH" (default)');
  });

  it('T-08 rules for some pods are for these, and for no waypoint', () => {
    const some = (app: string) => rule('side', `workloadSelector: { matchLabels: { app: ${app} } }, ${random}`, 'some');
    expect(algorithm(threeNamespaces + some('client'))).toBe('"RANDOM" (DestinationRule)');
    expect(algorithm(threeNamespaces + some('other'))).toBe('"LEAST_REQUEST" (default)');
    const home = rule('side', `exportTo: ['.'], ${roundRobin}`, 'home');
    expect(algorithm(threeNamespaces + home)).toBe('"ROUND_ROBIN" (DestinationRule)');
    expect(algorithm(threeNamespaces + home + some('other'))).toBe('"LEAST_REQUEST" (default)');
    expect(algorithm(threeNamespaces + home + some('client'))).toBe('"RANDOM" (DestinationRule)');
    const atWaypoint = rule('amb', `workloadSelector: { matchLabels: { app: client } }, ${random}`);
    expect(algorithm(behindWaypoint + atWaypoint, 'amb/client', 'amb/server:80')).toBe('"LEAST_REQUEST" (default)');
  });

  it('T-45 settings of a port leave nothing of the whole, and a subset overrides part by part', () => {
    const text = `trafficPolicy: { loadBalancer: { simple: RANDOM }, outlierDetection: { consecutive5xxErrors: 3 }, portLevelSettings: [{ port: { number: 80 }, connectionPool: { http: { http1MaxPendingRequests: 4 } } }] }, subsets: [{ name: v1, labels: { app: server }, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } }]`;
    const whole = final(threeNamespaces + rule('side', text), 'side/client', 'side/server:82');
    expect(backend(whole, 'algorithm')).toBe('"RANDOM" (DestinationRule)');
    expect(backend(whole, 'outliers')).toContain('"consecutive5xx":3');
    const port = final(threeNamespaces + rule('side', text), 'side/client', 'side/server:80');
    expect(backend(port, 'algorithm')).toBe('"LEAST_REQUEST" (default)');
    expect(backend(port, 'outliers')).toBe('none (default)');
    expect(backend(port, 'limits')).toContain('"maxPendingRequests":4');
    const routed = virtualService('side', 'route: [{ destination: { host: server, subset: v1 } }]');
    const subset = final(threeNamespaces + rule('side', text) + routed, 'side/client', 'side/server:80');
    expect(subset.settings.backend?.subset).toBe('v1');
    expect(backend(subset, 'algorithm')).toBe('"ROUND_ROBIN" (DestinationRule)');
    expect(backend(subset, 'limits')).toContain('"maxPendingRequests":4');
  });

  it('T-40 a hash binds requests to pods where a route or a sidecar’s default carries it', () => {
    const hash = (namespace: string) =>
      rule(namespace, 'trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: X-User } } }');
    const byHeader = '[{"kind":"header","name":"x-user"}] (DestinationRule)';
    const affinity = (hop: HopSettings) => request(hop, 'affinity');
    expect(affinity(final(threeNamespaces + hash('side'), 'side/client', 'side/server:80'))).toBe(byHeader);
    const at = (version: '1.29' | '1.30' | '1.31', more = '') =>
      affinity(final(behindWaypoint + hash('amb') + more, 'amb/client', 'amb/server:80', { version }));
    expect(at('1.29')).toBe('[] (default)');
    expect(at('1.30')).toBe('[] (default)');
    expect(at('1.31')).toBe(byHeader);
    expect(at('1.29', virtualService('amb', toServer))).toBe(byHeader);
    const routed = final(
      threeNamespaces + hash('side') + virtualService('side', toServer),
      'side/client',
      'side/server:80',
    );
    expect(request(routed, 'retries')).toContain('"avoidsTriedPods":false');
    const beside =
      'route: [{ destination: { host: server }, weight: 100 }, { destination: { host: other }, weight: 0 }]';
    const drawn = final(
      threeNamespaces + hash('side') + virtualService('side', beside),
      'side/client',
      'side/server:80',
    );
    expect(request(drawn, 'retries')).toContain('"avoidsTriedPods":true');
  });

  it('T-40 a hash of one port counts for a destination that names the port', () => {
    const ofPort = rule(
      'side',
      'trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, loadBalancer: { consistentHash: { useSourceIp: true } } }] }',
    );
    const affinity = (destination: string) =>
      request(
        final(
          threeNamespaces + ofPort + virtualService('side', `route: [{ destination: { ${destination} } }]`),
          'side/client',
          'side/server:80',
        ),
        'affinity',
      );
    expect(affinity('host: server, port: { number: 80 }')).toBe('[{"kind":"source address"}] (DestinationRule)');
    expect(affinity('host: server')).toBe('[] (default)');
  });

  it('T-43 where pods run counts by the DestinationRule, then the Service, then the mesh', () => {
    const near = threeNamespaces.replaceAll(
      'selector: { app: server }\n',
      'selector: { app: server }\n  trafficDistribution: PreferClose\n',
    );
    const locality = (text: string) => backend(final(text, 'side/client', 'side/server:80'), 'locality');
    expect(locality(threeNamespaces)).toBe('{"mode":"by default","isActive":false} (default)');
    expect(locality(near)).toBe('{"mode":"PreferSameZone","isActive":true} (Service)');
    expect(locality(threeNamespaces + rule('side', 'trafficPolicy: { outlierDetection: {} }'))).toBe(
      '{"mode":"by default","isActive":true} (default)',
    );
    const off = rule('side', 'trafficPolicy: { loadBalancer: { localityLbSetting: { enabled: false } } }');
    expect(locality(near + off)).toBe('{"mode":"off","isActive":false} (DestinationRule)');
  });

  it('T-45 TLS towards pods: a waypoint speaks HBONE whatever mutual TLS is asked for', () => {
    const tls = (mode: string, namespace: string) =>
      rule(namespace, `trafficPolicy: { tls: { mode: ${mode}, sni: other.example } }`);
    const of = (text: string, from: string, to: string) => backend(final(text, from, to), 'tls');
    expect(of(threeNamespaces, 'side/client', 'side/server:80')).toBe('{"mode":"automatic"} (default)');
    expect(of(threeNamespaces + tls('SIMPLE', 'side'), 'side/client', 'side/server:80')).toBe(
      '{"mode":"SIMPLE","serverName":"other.example"} (DestinationRule)',
    );
    expect(of(behindWaypoint + tls('DISABLE', 'amb'), 'amb/client', 'amb/server:80')).toBe(
      '{"mode":"HBONE"} (default)',
    );
    expect(of(behindWaypoint + tls('SIMPLE', 'amb'), 'amb/client', 'amb/server:80')).toContain('"mode":"SIMPLE"');
  });

  it('what an EnvoyFilter changes of a cluster leaves all in doubt, for its proxies alone', () => {
    const filter = (labels: string) =>
      object(
        'EnvoyFilter',
        'side',
        `{ workloadSelector: { labels: ${labels} }, configPatches: [{ applyTo: CLUSTER, match: { context: SIDECAR_OUTBOUND }, patch: { operation: MERGE, value: { connect_timeout: 1s } } }] }`,
      );
    const limits = (labels: string) =>
      backend(final(threeNamespaces + filter(labels), 'side/client', 'side/server:80'), 'limits');
    expect(limits('{ app: client }')).toBe('open: what EnvoyFilter side/own changes');
    expect(limits('{ app: server }')).toContain('"connectTimeout":10000');
  });

  it('T-46 a BackendTLSPolicy is TLS of mode SIMPLE, behind DestinationRules from 1.31 on', () => {
    const policy = object(
      'BackendTLSPolicy',
      'side',
      '{ targetRefs: [{ group: "", kind: Service, name: server }], validation: { hostname: inner.example, wellKnownCACertificates: System } }',
    );
    const of = (text: string, version: '1.30' | '1.31' = '1.30') =>
      backend(final(threeNamespaces + policy + text, 'side/client', 'side/server:80', { version }), 'tls');
    expect(of('')).toBe('{"mode":"SIMPLE","serverName":"inner.example"} (BackendTLSPolicy)');
    const off = rule('side', 'trafficPolicy: { tls: { mode: DISABLE } }');
    expect(of(off)).toContain('open: whether a DestinationRule or a BackendTLSPolicy');
    expect(of(off, '1.31')).toBe('{"mode":"DISABLE"} (DestinationRule)');
    expect(of(rule('side', random), '1.31')).toContain('"mode":"SIMPLE"');
  });
});

describe('the MeshConfig', () => {
  const meshOfConfig = (config: string, more = '') => {
    const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |-
    ${config}
---
${threeNamespaces}${more}`;
    const { mesh, objects } = parseSources([{ path: 'east.yaml', text }]).value;
    return readMesh(readTopology(settleMesh(mesh, objects).value, objects)).value;
  };
  const of = (config: string, more = ''): HopSettings => {
    const mesh = meshOfConfig(config, more);
    const [cluster = ''] = mesh.clusters.keys();
    const { destination, ...request } = requestOf('side/client', 'side/server:80');
    const source = { ...request.source, cluster } as Source;
    const caller = callerOf(mesh, source);
    if (caller.kind !== 'caller' || destination.kind !== 'service') throw new Error('no request to a Service');
    const [way] = waysFor(mesh, caller, { ...destination, cluster }, request.payload);
    const [hop] = way === undefined ? [] : settingsOnWay(mesh, way, source);
    if (hop === undefined) throw new Error('no proxy keeps to any settings');
    return hop;
  };

  it('T-35 says how often requests are sent again where nothing else does', () => {
    const policy = 'defaultHttpRetryPolicy: { attempts: 5, retryOn: reset }';
    expect(request(of(policy), 'retries')).toContain('"attempts":5,"conditions":["reset"]');
    expect(request(of(policy), 'retries')).toContain('(MeshConfig)');
    expect(request(of('defaultHttpRetryPolicy: { attempts: 0 }'), 'retries')).toBe('none (MeshConfig)');
    const own = virtualService('side', `retries: { attempts: 1 }, ${toServer}`);
    expect(request(of(policy, own), 'retries')).toContain('"attempts":1');
  });

  it('says how pods are connected to, below what a DestinationRule says', () => {
    const config = 'connectTimeout: 2s\n    h2_upgrade_policy: UPGRADE\n    tcpKeepalive: { time: 60s, probes: 3 }';
    expect(backend(of(config), 'limits')).toContain(
      '"connectTimeout":2000,"keepAlive":{"probes":3,"time":60000},"upgradesToHttp2":true',
    );
    const own = rule(
      'side',
      'trafficPolicy: { connectionPool: { tcp: { tcpKeepalive: { time: 10s } }, http: { h2UpgradePolicy: DO_NOT_UPGRADE } } }',
    );
    expect(backend(of(config, own), 'limits')).toContain(
      '"connectTimeout":2000,"keepAlive":{"probes":3,"time":10000},"upgradesToHttp2":false',
    );
  });

  it('T-43 says what counts of locality', () => {
    expect(backend(of('localityLbSetting: { enabled: false }'), 'locality')).toBe(
      '{"mode":"off","isActive":false} (MeshConfig)',
    );
  });
});

it('the line that decides is that of the field', () => {
  const text = threeNamespaces + virtualService('side', `timeout: 3s, ${toServer}`);
  const { timeout } = final(text, 'side/client', 'side/server:80').settings.request ?? {};
  if (timeout?.known !== true || timeout.by === undefined) throw new Error('nobody decides');
  expect(timeout.by.place).toEqual(['spec', 'http', 0, 'timeout']);
  expect(timeout.by.object.kind).toBe('VirtualService');
});

it('a split is one way each, with its own version', () => {
  const text =
    threeNamespaces +
    workload('side', 'second', ', version: v2').replace('app: second, version', 'app: server, version') +
    rule('side', 'subsets: [{ name: v1, labels: { app: server } }, { name: v2, labels: { version: v2 } }]') +
    virtualService(
      'side',
      'route: [{ destination: { host: server, subset: v1 }, weight: 1 }, { destination: { host: server, subset: v2 }, weight: 3 }]',
    );
  const subsets = hops(meshOf(text), 'side/client', 'side/server:80').map(([hop]) => hop?.settings.backend?.subset);
  expect(subsets).toEqual(['v1', 'v2']);
});

it('T-08 a version of a rule for some pods is none for others, nor at a waypoint', () => {
  const routed = (namespace: string) =>
    virtualService(namespace, 'route: [{ destination: { host: server, subset: v1 } }]');
  const some = (namespace: string, app: string) =>
    rule(
      namespace,
      `workloadSelector: { matchLabels: { app: ${app} } }, subsets: [{ name: v1, labels: { app: server } }]`,
    );
  const status = (text: string, from: string, to: string) => request(final(text, from, to), 'status');
  expect(status(threeNamespaces + routed('side') + some('side', 'client'), 'side/client', 'side/server:80')).toBe(
    'none (default)',
  );
  expect(status(threeNamespaces + routed('side') + some('side', 'other'), 'side/client', 'side/server:80')).toBe(
    '503 (VirtualService)',
  );
  expect(status(behindWaypoint + routed('amb') + some('amb', 'client'), 'amb/client', 'amb/server:80')).toBe(
    '503 (VirtualService)',
  );
});

it('a host outside the mesh is called in plaintext, one that a ServiceEntry puts into it as its pods take it', () => {
  const entry = (location: string) => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: side }
spec: { hosts: [partner.example], location: ${location}, resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
`;
  const routed = virtualService('side', 'route: [{ destination: { host: partner.example } }]');
  const tls = (location: string) =>
    backend(final(threeNamespaces + entry(location) + routed, 'side/client', 'side/server:80'), 'tls');
  expect(tls('MESH_EXTERNAL')).toBe('{"mode":"DISABLE"} (default)');
  expect(tls('MESH_INTERNAL')).toBe('{"mode":"automatic"} (default)');
});
