import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import type { JsonObject } from '../src/parse/document.js';
import { admit, type Bundle } from './support/admission.js';
import { describeWithShared, sharedDirectory } from './support/shared.js';

const older: Bundle = 'istio-1.29+gateway-1.4';
const newer: Bundle = 'istio-1.31+gateway-1.6';
const bundles = [older, newer];

const apiVersions: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  Gateway: 'gateway.networking.k8s.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  GRPCRoute: 'gateway.networking.k8s.io/v1',
  TCPRoute: 'gateway.networking.k8s.io/v1',
  TLSRoute: 'gateway.networking.k8s.io/v1',
  Service: 'v1',
  PodDisruptionBudget: 'policy/v1',
};

interface Case {
  readonly kind: string;
  readonly spec: unknown;
  readonly says: string;
}

function cases(file: string): ReadonlyArray<readonly [string, Case]> {
  const text = readFileSync(new URL(`fixtures/admission/${file}`, import.meta.url), 'utf8');
  return (load(text) as Case[]).map((one) => [`${one.kind} ${JSON.stringify(one.spec)}`, one]);
}

function object(kind: string, spec: unknown, metadata: object = {}): unknown {
  return {
    apiVersion: apiVersions[kind] ?? 'v1',
    kind,
    metadata: { name: 'ledger', namespace: 'payments', ...metadata },
    ...(spec !== undefined && { spec }),
  };
}

function repeat<T>(times: number, item: T): T[] {
  return Array<T>(times).fill(item);
}

describeWithShared('an object that an API server and the webhook take', () => {
  it.each(cases('admitted.yaml'))('%s', (_, { kind, spec }) => {
    for (const bundle of bundles) expect(admit(object(kind, spec), bundle)).toEqual([]);
  });
});

describeWithShared('an object that an API server or the webhook refuses', () => {
  it.each(cases('refused.yaml'))('%s', (_, { kind, spec, says }) => {
    for (const bundle of bundles) expect(admit(object(kind, spec), bundle).join('\n')).toContain(says);
  });
});

describeWithShared('a limit of the API', () => {
  const parentRefs = [{ group: '', kind: 'Service', name: 'ledger' }];
  const route = (rules: number, matches: number) => ({
    parentRefs,
    rules: repeat(rules, { matches: repeat(matches, {}) }),
  });
  const targets = (count: number) => ({ targetRefs: repeat(count, { kind: 'Service', group: '', name: 'a' }) });
  const accounts = (count: number) => ({ rules: [{ from: [{ source: { serviceAccounts: repeat(count, 'a') } }] }] });

  it.each([
    ['16 targetRefs', 'AuthorizationPolicy', targets(16), targets(17)],
    ['512 rules', 'AuthorizationPolicy', { rules: repeat(512, {}) }, { rules: repeat(513, {}) }],
    ['16 service accounts', 'AuthorizationPolicy', accounts(16), accounts(17)],
    ['16 route rules', 'HTTPRoute', route(16, 1), route(17, 1)],
    ['64 matches of a rule', 'HTTPRoute', route(1, 64), route(1, 65)],
    ['128 matches of a route', 'HTTPRoute', route(2, 64), route(3, 43)],
  ])('%s', (_, kind, atLimit, above) => {
    for (const bundle of bundles) {
      expect(admit(object(kind, atLimit), bundle)).toEqual([]);
      expect(admit(object(kind, above), bundle)).toHaveLength(1);
    }
  });
});

describeWithShared('metadata', () => {
  const policy = (metadata: object) => admit(object('AuthorizationPolicy', {}, metadata), older);

  it.each([
    { name: 'a.b-c.d' },
    { labels: { 'ambit.dev/rule': 'payments.checkout', plain: '' } },
    { annotations: { 'ambit.dev/Origin': 'intents/payments.yaml:13\nand more: anything' } },
  ])('takes %o', (metadata) => {
    expect(policy(metadata)).toEqual([]);
  });

  it.each([
    [{ name: 'Ledger' }, 'metadata.name: `Ledger` is not'],
    [{ name: 'a'.repeat(254) }, 'longer than 253'],
    [{ namespace: undefined }, 'metadata.namespace: required'],
    [{ namespace: 'a.b' }, 'metadata.namespace: `a.b` is not'],
    [{ labels: { 'a/b/c': 'd' } }, '`a/b/c` is not a qualified name'],
    [{ labels: { rule: 'intents/payments.yaml' } }, 'is not a label value'],
    [{ labels: { rule: 'a'.repeat(64) } }, 'longer than 63'],
    [{ labels: { line: 13 } }, 'metadata.labels.line: must be text'],
    [{ annotations: { 'a b': '' } }, '`a b` is not a qualified name'],
    [{ annotations: { origin: 'a'.repeat(256 * 1024) } }, 'at most 262144'],
    [{ comment: 'x' }, 'unknown field `comment`'],
  ])('refuses %o', (metadata, says) => {
    expect(policy(metadata).join('\n')).toContain(says);
  });

  it.each([
    ['none', 'means no waypoint (W-05, L-60)'],
    ['shop.waypoint', 'is not an RFC 1035 label (W-05, L-60)'],
  ])('refuses a waypoint called %s', (name, says) => {
    const listeners = [{ name: 'mesh', port: 15008, protocol: 'HBONE' }];
    const waypoint = object('Gateway', { gatewayClassName: 'istio-waypoint', listeners }, { name });
    expect(admit(waypoint, older).join('\n')).toContain(says);
  });

  it('follows the kind', () => {
    expect(admit(object('Service', { ports: [{ port: 80 }] }, { name: '1st' }), older)[0]).toContain('RFC 1035');
    expect(admit(object('Namespace', undefined), older)).toEqual(['metadata.namespace: the kind is cluster-scoped']);
    expect(admit({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, older)).toEqual([]);
  });
});

describeWithShared('a ConfigMap', () => {
  const map = (data: unknown) => admit({ ...(object('ConfigMap', undefined) as object), data }, older);

  it('holds text under file names', () => {
    expect(map({ 'deployment.yaml': 'spec: {}' })).toEqual([]);
    expect(map({ 'a/b': '' })).toEqual(['data: `a/b` is not a data key']);
    expect(map({ replicas: 2 })).toEqual(['data.replicas: must be string']);
    expect(map({ big: 'a'.repeat(1024 * 1024 + 1) })).toEqual(['data: 1048577 bytes, at most 1048576']);
  });
});

describeWithShared('a bundle', () => {
  const routes = { parentRefs: [{ name: 'a' }], rules: [{ backendRefs: [{ name: 'ledger', port: 80 }] }] };
  const cors = { ...routes, rules: [{ filters: [{ type: 'CORS', cors: { allowOrigins: ['https://a.example'] } }] }] };
  const redirect = {
    ...routes,
    rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { statusCode: 308 } }] }],
  };
  const trust = { rules: [{ from: [{ source: { trustDomains: ['cluster.local'] } }] }] };

  it.each([
    ['TCPRoute v1', 'TCPRoute', routes],
    ['CORS in a standard HTTPRoute', 'HTTPRoute', cors],
    ['redirects with 308', 'HTTPRoute', redirect],
    ['trustDomains', 'AuthorizationPolicy', trust],
  ])('knows %s only from the newer releases on', (_, kind, spec) => {
    expect(admit(object(kind, spec), older)).not.toEqual([]);
    expect(admit(object(kind, spec), newer)).toEqual([]);
  });

  it('refuses addresses as hostnames of a TLSRoute', () => {
    const tls = { ...routes, hostnames: ['10.0.0.1'] };
    expect(admit(object('TLSRoute', tls), newer)).toEqual(['spec.hostnames: Hostnames cannot contain an IP']);
    expect(admit(object('TLSRoute', { ...tls, hostnames: ['a.example'] }), newer)).toEqual([]);
  });

  it('has no match for a kind or version that is not installed', () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget' };
    expect(admit(widget, newer)).toEqual(['no matches for kind `Widget` in version `example.com/v1`']);
    expect(admit([], newer)).toEqual(['the document is not an object']);
  });
});

describeWithShared('the manifests of real applications', () => {
  it.each([
    'bookinfo/bookinfo.yaml',
    'bookinfo/bookinfo-gateway.yaml',
    'bookinfo/destination-rule-all.yaml',
    'bookinfo/virtual-service-ratings-test-delay.yaml',
    'bookinfo/virtual-service-reviews-90-10.yaml',
    'bookinfo/virtual-service-reviews-jason-v2-v3.yaml',
    'online-boutique/istio-manifests.yaml',
    'online-boutique/kubernetes-manifests.yaml',
  ])('%s', (file) => {
    const text = readFileSync(join(sharedDirectory, 'realworld', file), 'utf8');
    const documents = (loadAll(text) as (JsonObject | null)[]).filter((one) => one !== null);
    const known = documents.filter(({ kind }) => String(kind) in apiVersions);
    for (const one of known) {
      const placed = { ...one, metadata: { ...(one.metadata as JsonObject), namespace: 'default' } };
      for (const bundle of bundles) expect(admit(placed, bundle)).toEqual([]);
    }
    expect(known).not.toEqual([]);
  });
});
