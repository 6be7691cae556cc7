import { describe, expect, it } from 'vitest';
import { differences, settings } from '../mesh/support/intents.js';
import { peerAuthentication, policy, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';

const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');
const bound = '{ istio.io/use-waypoint: waypoint }';
const vault = (namespace: string, labels = '{}') => workload(namespace, 'vault') + service(namespace, 'vault', labels);
const ambient =
  threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', bound)) +
  waypoint('amb') +
  vault('amb', bound) +
  strict;
const sidecars = threeNamespaces + vault('side') + strict;

function routes(namespace: string, http: string): string {
  return `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: server, namespace: ${namespace} }
spec: { hosts: [server], http: [${http}] }
`;
}

const onward = 'route: [{ destination: { host: server } }]';
const intoVault = '{ match: [{ uri: { prefix: /v2 } }], route: [{ destination: { host: vault } }] }';

/** At the pods: whoever a rule names, and the waypoint. */
function atPods(namespace: string, name: string, accounts: string): string {
  return policy(
    namespace,
    `${name}-pods`,
    `{ selector: { matchLabels: { app: ${name} } }, rules: [{ from: [{ source: { serviceAccounts: [${accounts}] } }] }] }`,
  );
}

function atWaypoint(name: string, rule: string): string {
  return policy('amb', `${name}-waypoint`, `{ targetRefs: [{ group: '', kind: Service, name: ${name} }], ${rule} }`);
}

function allowed(service: string, rule: string): string {
  return settings(
    `{ service: ${service} }`,
    `mtls: { mode: Strict }\nauthorization: { default: Deny, allow: [{ name: a, ${rule} }] }`,
  );
}

/** What is wrong with routes that is not wrong without them, of more requests than those that routes lead elsewhere. */
function wrongBy(manifests: string, http: string, intents: string): readonly string[] {
  const whole = (difference: string) => difference.replace(/ but not .*? from /, ' from ');
  const without = new Set(differences(manifests, intents).map(whole));
  const namespace = manifests.startsWith(ambient) ? 'amb' : 'side';
  return differences(manifests + routes(namespace, http), intents).filter((each) => !without.has(whole(each)));
}

describe('what a route of another Service leads to pods', () => {
  const guarded = [
    ambient,
    atPods('amb', 'vault', 'amb/waypoint'),
    atWaypoint('vault', 'rules: [{ from: [{ source: { serviceAccounts: [amb/server] } }] }]'),
  ].join('');
  const intents = allowed('amb/vault', 'from: [{ workload: amb/server }]');

  it('passes no policy of its Service at the waypoint, so whoever gets through there must be allowed by a rule', () => {
    expect(wrongBy(guarded, `${intoVault}, { ${onward} }`, intents)).toEqual([
      expect.stringMatching(/^too-much: \/v2\* from .*amb\/client.* to amb\/server:82; `rules\/default` denies it/),
    ]);
  });

  it('is judged at the pods where a sidecar leads it there, as the caller and the request that it then is', () => {
    const only = policy(
      'side',
      'p',
      '{ selector: { matchLabels: { app: vault } }, rules: [{ from: [{ source: { serviceAccounts: [side/client] } }], to: [{ operation: { paths: [/open*] } }] }] }',
    );
    const rewriting =
      '{ match: [{ uri: { prefix: /v2/ } }], rewrite: { uri: /open/ }, route: [{ destination: { host: vault } }] }';
    const meant = allowed('side/vault', 'from: [{ workload: side/client }], to: [{ port: http, paths: ["/open*"] }]');
    const narrow = allowed('side/vault', 'from: [{ workload: side/client }], to: [{ port: http, paths: ["/v2/*"] }]');
    expect(wrongBy(sidecars + only, `${rewriting}, { ${onward} }`, meant)).toEqual([]);
    expect(wrongBy(sidecars + only, `${rewriting}, { ${onward} }`, narrow)).toContainEqual(
      expect.stringMatching(/^too-much: \/v2\/\* from side\/client to side\/server:82; /),
    );
  });
});

describe('what a Service’s own routes do to requests', () => {
  const open = allowed('amb/server', 'from: [{ workload: amb/client }], to: [{ port: http, paths: ["/a/*"] }]');
  const byPath = [
    ambient,
    atPods('amb', 'server', 'amb/waypoint'),
    atWaypoint(
      'server',
      'rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }], to: [{ operation: { paths: ["/a/*"] } }] }]',
    ),
  ].join('');

  it('leaves an allow rule what it says of requests as they are addressed', () => {
    const rewriting = `{ match: [{ uri: { prefix: /a/ } }], rewrite: { uri: /b/ }, ${onward} }, { ${onward} }`;
    expect(wrongBy(byPath, rewriting, open)).toEqual([]);
  });

  it('owes nothing to requests that are answered on the way, or led elsewhere', () => {
    const answering = `{ match: [{ uri: { prefix: /a/x } }], directResponse: { status: 418 } }, ${intoVault}, { ${onward} }`;
    expect(wrongBy(byPath, answering, open)).toEqual([]);
  });

  it('does not let a denial be passed by what a rewrite makes', () => {
    const denial = settings(
      '{ service: amb/server }',
      'mtls: { mode: Strict }\nauthorization: { default: Allow, deny: [{ name: d, to: [{ port: http, paths: ["/admin*"] }] }] }',
    );
    const denied = [
      ambient,
      atPods('amb', 'server', 'amb/waypoint'),
      atWaypoint('server', 'action: DENY, rules: [{ to: [{ operation: { paths: ["/admin*"] } }] }]'),
    ].join('');
    const rewriting = `{ match: [{ uri: { prefix: /old } }], rewrite: { uri: /admin }, ${onward} }, { ${onward} }`;
    expect(wrongBy(denied, rewriting, denial)).toContainEqual(
      expect.stringMatching(/^too-much: .*\/old\* from .* to amb\/server:80; `rules\/d` denies it$/),
    );
  });
});

it('is looked at for each workload, however much its policies are like those of others', () => {
  const names = ['one', 'two'];
  const twins = names.map((name) => workload('side', name) + service('side', name)).join('');
  const guards = names
    .map((name) =>
      policy(
        'side',
        name,
        `{ selector: { matchLabels: { app: ${name} } }, rules: [{ from: [{ source: { serviceAccounts: [side/client] } }], to: [{ operation: { paths: ["/open*"], ports: ["8080"] } }] }] }`,
      ),
    )
    .join('');
  const intents = names
    .map((name) =>
      allowed(`side/${name}`, 'from: [{ workload: side/client }], to: [{ port: http, paths: ["/open*"] }]').replace(
        'name: rules',
        `name: rules-${name}`,
      ),
    )
    .join('---\n');
  const rewriting = (name: string) =>
    routes(
      'side',
      `{ match: [{ uri: { prefix: /v2 } }], rewrite: { uri: /open }, route: [{ destination: { host: ${name} } }] }, { route: [{ destination: { host: ${name} } }] }`,
    )
      .replace('hosts: [server]', `hosts: [${name}]`)
      .replace('name: server', `name: ${name}`);
  const found = (routed: string) => differences(threeNamespaces + strict + twins + guards + routed, intents);
  expect(found('')).toEqual([]);
  expect(names.map((name) => found(rewriting(name)))).toEqual(
    names.map((name) => [
      expect.stringMatching(new RegExp(`^too-much: .*/v2.* from side/client to side/${name}:80; `)),
    ]),
  );
});
