import { describe, expect, it } from 'vitest';
import { type Refused, refused } from './support.js';

const ofPolicy = (policy: string) => `{ host: web, trafficPolicy: { ${policy} } }`;
const ofBalancer = (balancer: string) => ofPolicy(`loadBalancer: { ${balancer} }`);
const ofTls = (tls: string) => ofPolicy(`tls: { ${tls} }`);

describe('a DestinationRule that Istio takes', () => {
  it.each([
    '{ host: web, subsets: [{ name: v1, labels: { version: v1 } }, { name: all }] }',
    '{ host: "*.local", trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }',
    '{ host: web, workloadSelector: { matchLabels: { app: web } }, exportTo: [.], trafficPolicy: { tls: { mode: DISABLE } } }',
    ofPolicy('connectionPool: { tcp: { maxConnections: 10, connectTimeout: 30ms, tcpKeepalive: { time: 7200s } } }'),
    ofPolicy('outlierDetection: { consecutive5xxErrors: 7, interval: 5m, maxEjectionPercent: 100 }'),
    ofPolicy('portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: RANDOM } }]'),
    ofBalancer('consistentHash: { maglev: { tableSize: 65537 }, httpHeaderName: x-user }'),
    ofBalancer('localityLbSetting: { distribute: [{ from: "eu/*", to: { "eu/*": 80, "us/*": 20 } }] }'),
    ofTls('mode: SIMPLE, credentialName: ca'),
    ofTls('mode: MUTUAL, clientCertificate: /c.pem, privateKey: /k.pem'),
    ofTls('mode: SIMPLE, insecureSkipVerify: true'),
    ofTls('mode: SIMPLE, credentialName: "configmap://shop/ca"'),
  ])('%s', (spec) => {
    expect(refused('DestinationRule', spec)).toEqual([]);
  });
});

const cases: readonly Refused[] = [
  ['{ host: 3 }', 'L-09', 'host'],
  ['{ host: a.*.com }', 'L-30', 'host'],
  ['{ host: web, trafficPolicy: {} }', 'L-30', 'trafficPolicy'],
  ['{ host: web, subsets: [{ name: v_1 }] }', 'L-30', 'subsets.0.name'],
  ['{ host: web, subsets: [{ name: v1 }, { name: v1 }] }', 'L-30', 'subsets.1.name'],
  ['{ host: web, subsets: [{ name: v1, labels: { "a b": c } }] }', 'L-30', 'subsets.0.labels.a b'],
  [ofPolicy('portLevelSettings: [{ tls: { mode: SIMPLE } }]'), 'L-30', 'trafficPolicy.portLevelSettings.0'],
  [ofPolicy('portLevelSettings: [{ port: { number: 80 } }]'), 'L-30', 'trafficPolicy.portLevelSettings.0'],
  [ofPolicy('tunnel: { targetHost: a_b, targetPort: 80 }'), 'L-31', 'trafficPolicy.tunnel.targetHost'],
  [ofPolicy('tunnel: { targetHost: a.com, targetPort: 80 }, proxyProtocol: {}'), 'L-31', 'trafficPolicy'],
  [ofPolicy('connectionPool: {}'), 'L-32', 'trafficPolicy.connectionPool'],
  [
    ofPolicy('connectionPool: { tcp: { maxConnections: -1 } }'),
    'L-32',
    'trafficPolicy.connectionPool.tcp.maxConnections',
  ],
  [
    ofPolicy('connectionPool: { tcp: { connectTimeout: 1us } }'),
    'L-32',
    'trafficPolicy.connectionPool.tcp.connectTimeout',
  ],
  [
    ofPolicy('connectionPool: { http: { h2UpgradePolicy: UPGRADE, useClientProtocol: true } }'),
    'L-32',
    'trafficPolicy.connectionPool.http',
  ],
  [ofPolicy('outlierDetection: { minHealthPercent: 101 }'), 'L-33', 'trafficPolicy.outlierDetection.minHealthPercent'],
  [ofPolicy('outlierDetection: { consecutiveLocalOriginFailures: 3 }'), 'L-33', 'trafficPolicy.outlierDetection'],
  [
    ofBalancer('consistentHash: { maglev: { tableSize: 65536 } }'),
    'L-34',
    'trafficPolicy.loadBalancer.consistentHash.maglev',
  ],
  [
    ofBalancer('consistentHash: { httpCookie: { name: "", ttl: 1s } }'),
    'L-34',
    'trafficPolicy.loadBalancer.consistentHash.httpCookie',
  ],
  [ofBalancer('simple: FASTEST'), 'L-09', 'trafficPolicy.loadBalancer.simple'],
  [ofBalancer('warmupDurationSecs: 1us'), 'L-34', 'trafficPolicy.loadBalancer.warmupDurationSecs'],
  [ofBalancer('warmup: { minimumPercent: 10 }'), 'L-09', 'trafficPolicy.loadBalancer.warmup'],
  [
    ofBalancer('localityLbSetting: { distribute: [{ from: eu/a, to: { us/a: 90 } }] }'),
    'L-35',
    'trafficPolicy.loadBalancer.localityLbSetting.distribute.0.to',
  ],
  [
    ofBalancer('localityLbSetting: { failover: [{ from: eu, to: eu }] }'),
    'L-35',
    'trafficPolicy.loadBalancer.localityLbSetting.failover.0',
  ],
  [ofTls('mode: STRICT'), 'L-09', 'trafficPolicy.tls.mode'],
  [ofTls('mode: MUTUAL, clientCertificate: /c.pem'), 'L-36', 'trafficPolicy.tls'],
  [ofTls('mode: SIMPLE, credentialName: ca, caCertificates: /ca.pem'), 'L-36', 'trafficPolicy.tls'],
  [ofTls('mode: SIMPLE, insecureSkipVerify: true, subjectAltNames: [a]'), 'L-36', 'trafficPolicy.tls'],
  [ofTls('mode: SIMPLE, credentialName: "configmap://other/ca"'), 'L-36', 'trafficPolicy.tls.credentialName'],
  [
    '{ host: web, workloadSelector: { matchLabels: { app: web } }, exportTo: ["*"], trafficPolicy: { tls: { mode: DISABLE } } }',
    'L-37',
    'exportTo',
  ],
  ['{ host: web, workloadSelector: { matchLabels: { app: "w*" } } }', 'L-55', 'workloadSelector.matchLabels.app'],
];

describe('a DestinationRule that Istio refuses', () => {
  it.each(cases)('%s (%s)', (spec, law, place) => {
    expect(refused('DestinationRule', spec)).toEqual([`${law} ${place}`]);
  });
});
