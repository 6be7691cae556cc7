import { describe, expect, it } from 'vitest';
import type { IstioVersion } from '../../src/parse/mesh.js';
import { meshOf, policy, type Settings, service, threeNamespaces, waypoint } from './support/mesh.js';
import { bytes, get, verdictOf } from './support/requests.js';

// What Istio pins by tests of its own and the tables of the other files do not show, by the section of istio-security.

const versions: readonly IstioVersion[] = ['1.28', '1.29', '1.30', '1.31'];
const server = 'selector: { matchLabels: { app: server } }';
const denyAll = 'action: DENY, rules: [{}]';

/** A client of the mesh, then an outsider in plaintext, at the sidecar of `side/server`. */
function atSidecar(spec: string, namespace = 'side', settings: Settings = {}): string {
  const mesh = meshOf(threeNamespaces + policy(namespace, 'p', spec), settings);
  return ['side/client', 'outside'].map((from) => verdictOf(mesh, from, 'side/server:80')).join(' ');
}

describe('§1.1 special forms at Envoy', () => {
  it.each([
    ['ALLOW without rules denies all', `{ ${server} }`, 'forbidden forbidden'],
    ['an empty spec denies all', '{}', 'forbidden forbidden'],
    ['ALLOW of an empty rule allows all', `{ ${server}, rules: [{}] }`, 'allowed allowed'],
    ['DENY of an empty rule denies all', `{ ${server}, ${denyAll} }`, 'forbidden forbidden'],
  ])('%s', (_, spec, expected) => expect(atSidecar(spec)).toBe(expected));
});

describe('§1.2 an ALLOW policy counts, whatever is left of it', () => {
  const requests = '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }';
  it.each([
    ['at ztunnel', 'amb', 'http', 'closed'],
    ['on a TCP chain', 'side', 'tcp', 'closed'],
    ['on an HTTP chain', 'side', 'http', 'allowed'],
  ])('%s', (_, namespace, payload, expected) => {
    const mesh = meshOf(threeNamespaces + policy(namespace, 'p', requests));
    const [to, sent] = payload === 'tcp' ? ['server:81', bytes] : ['server:80', get()];
    expect(verdictOf(mesh, `${namespace}/client`, `${namespace}/${to}`, sent)).toBe(expected);
  });
});

describe('§1.3 whoever shows no certificate satisfies every negation', () => {
  it.each([
    ["notPrincipals: ['*']", 'allowed forbidden'],
    ['notPrincipals: [cluster.local/ns/side/sa/client]', 'allowed forbidden'],
    ['notNamespaces: [side]', 'allowed forbidden'],
    ['notServiceAccounts: [side/client]', 'allowed forbidden'],
    ['notNamespaces: [amb]', 'forbidden forbidden'],
    ["principals: ['*']", 'forbidden allowed'],
    ["principals: ['spiffe://cluster.local/ns/side/sa/client']", 'allowed allowed'],
  ])('DENY %s at Envoy', (source, expected) => {
    expect(atSidecar(`{ action: DENY, rules: [{ from: [{ source: { ${source} } }] }] }`)).toBe(expected);
  });
});

describe('§1.3 trustDomains', () => {
  const spec = '{ action: DENY, rules: [{ from: [{ source: { trustDomains: [cluster.local] } }] }] }';
  it.each([
    ['1.30', 'not-modelled'],
    ['1.31', 'forbidden'],
  ] as const)('Envoy of %s: %s', (version, expected) => {
    expect(atSidecar(spec, 'side', { version }).split(' ')[0]).toBe(expected);
  });
  it.each(['1.30', '1.31'] as const)('ztunnel of %s drops it without a word', (version) => {
    const mesh = meshOf(threeNamespaces + policy('amb', 'p', spec), { version });
    expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe('allowed');
  });
});

describe('§3.1 whom a policy reaches among ordinary sidecar pods', () => {
  const target = (kind: string, name: string, group = 'gateway.networking.k8s.io') =>
    `{ targetRefs: [{ group: '${group}', kind: ${kind}, name: ${name} }], ${denyAll} }`;
  const [open, shut] = ['allowed allowed', 'forbidden forbidden'];
  it.each([
    ['no selector, its namespace', 'side', `{ ${denyAll} }`, shut],
    ['no selector, the root namespace', 'istio-system', `{ ${denyAll} }`, shut],
    ['no selector, another namespace', 'amb', `{ ${denyAll} }`, open],
    ['a selector, its namespace', 'side', `{ ${server}, ${denyAll} }`, shut],
    ['a selector, the root namespace', 'istio-system', `{ ${server}, ${denyAll} }`, shut],
    ['a selector of other labels', 'side', `{ selector: { matchLabels: { app: other } }, ${denyAll} }`, open],
    ['an empty selector', 'side', `{ selector: {}, ${denyAll} }`, shut],
    ['a Service', 'side', target('Service', 'server', ''), open],
    ['a Gateway', 'side', target('Gateway', 'waypoint'), open],
    ['a GatewayClass', 'istio-system', target('GatewayClass', 'istio-waypoint'), open],
  ])('%s', (_, namespace, spec, expected) => expect(atSidecar(spec, namespace)).toBe(expected));
});

describe('§3.1 whom a policy with several targets reaches', () => {
  const reference = (name: string) => `{ group: '', kind: Service, name: ${name} }`;
  const labels = '{ istio.io/use-waypoint: waypoint }';
  it.each([
    ['one of them is the service', ['other', 'server'], 'forbidden'],
    ['none of them is', ['other', 'another'], 'allowed'],
  ])('%s', (_, names, expected) => {
    const spec = `{ targetRefs: [${names.map(reference).join()}], ${denyAll} }`;
    const bound = service('amb', 'server', labels);
    const text = threeNamespaces.replace(service('amb', 'server'), bound) + waypoint('amb') + policy('amb', 'p', spec);
    expect(verdictOf(meshOf(text), 'amb/client', 'amb/server:80')).toBe(expected);
  });
});

describe('§4.3 the policy that istiod adds for waypoints', () => {
  const labels = '{ istio.io/use-waypoint: waypoint }';
  const text = threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', labels)) + waypoint('amb');
  const flags = { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true };
  const ofClient = '{ rules: [{ from: [{ source: { serviceAccounts: [client] } }] }] }';
  const ofAll = `{ action: DENY, rules: [{ from: [{ source: { serviceAccounts: [waypoint] } }] }] }`;
  it.each([
    ['through the waypoint', text, 'amb/server:80', 'allowed'],
    ['straight to the pod', text, 'pod amb/server:8080', 'closed'],
    ['to a pod without a waypoint', threeNamespaces, 'pod amb/server:8080', 'allowed'],
    ['who is allowed beside', text + policy('amb', 'p', ofClient), 'pod amb/server:8080', 'allowed'],
    ['a denial of the waypoint stays one', text + policy('amb', 'p', ofAll), 'amb/server:80', 'unavailable'],
  ])('%s', (_, manifests, to, expected) => {
    expect(verdictOf(meshOf(manifests, { flags }), 'amb/client', to)).toBe(expected);
  });
  it('is not there by default', () => {
    expect(verdictOf(meshOf(text), 'amb/client', 'pod amb/server:8080')).toBe('allowed');
  });
});

describe('§7 dry runs', () => {
  const dryRun = `{ istio.io/dry-run: 'true' }`;
  const flags = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true };
  it.each(['1', 't', 'T', 'TRUE', 'True'])('`%s` is true', (value) => {
    const text = policy('side', 'p', '{}', `{ istio.io/dry-run: '${value}' }`);
    expect(verdictOf(meshOf(threeNamespaces + text), 'side/client', 'side/server:80')).toBe('allowed');
  });
  it.each(['0', 'F', 'False'])('`%s` is false', (value) => {
    const text = policy('side', 'p', '{}', `{ istio.io/dry-run: '${value}' }`);
    expect(verdictOf(meshOf(threeNamespaces + text), 'side/client', 'side/server:80')).toBe('forbidden');
  });
  it.each([
    ['an ALLOW that would refuse', '{}'],
    ['a DENY of everything', `{ ${denyAll} }`],
  ])('Envoy refuses nothing by %s', (_, spec) => {
    const mesh = meshOf(threeNamespaces + policy('side', 'p', spec, dryRun));
    expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe('allowed');
  });
  it.each(versions)('ztunnel of %s refuses nothing by them either, told of them or not', (version) => {
    const mesh = meshOf(threeNamespaces + policy('amb', 'p', `{ ${denyAll} }`, dryRun), { version, flags });
    expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe('allowed');
  });
});

describe('§7 several external authorizers of one workload', () => {
  const ask = (name: string) =>
    policy(
      'side',
      name,
      `{ action: CUSTOM, provider: { name: ${name} }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }`,
    );
  const flags = { PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: true };
  const verdict = (settings: Settings) =>
    verdictOf(meshOf(threeNamespaces + ask('one') + ask('two'), settings), 'side/client', 'side/server:80');
  it.each(versions)('refuse in %s', (version) => expect(verdict({ version })).toBe('forbidden'));
  it('refuse on a TCP chain too, where one alone may be no filter at all', () => {
    const verdictOfBytes = (text: string) =>
      verdictOf(meshOf(threeNamespaces + text), 'side/client', 'side/server:81', bytes);
    expect(verdictOfBytes(ask('one'))).toBe('not-modelled');
    expect(verdictOfBytes(ask('one') + ask('two'))).toBe('closed');
  });
  it.each(versions.map((version) => [version, version < '1.30' ? 'forbidden' : 'allowed'] as const))(
    'with the flag of 1.30, in %s: %s',
    (version, expected) => expect(verdict({ version, flags })).toBe(expected),
  );
});

describe('W-20 canaries of waypoints', () => {
  it.each(versions.map((version) => [version, version === '1.31' ? 'not-modelled' : 'allowed'] as const))(
    'in %s: %s',
    (version, expected) => {
      const labels = '{ istio.io/use-waypoint: waypoint, istio.io/use-waypoint-canary: other }';
      const text = threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', labels));
      const mesh = meshOf(text + waypoint('amb'), { version });
      expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe(expected);
    },
  );
});
