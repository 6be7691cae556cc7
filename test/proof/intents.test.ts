import { describe, expect, it } from 'vitest';
import { differences, settings } from '../mesh/support/intents.js';
import { peerAuthentication, policy, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';

const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');
const mtls = 'mtls: { mode: Strict }';
const side = '{ service: side/server }';
const amb = '{ service: amb/server }';

function allow(rule: string, accept = ''): string {
  return `${mtls}\nauthorization: { default: Deny, allow: [{ name: a, ${rule}${accept === '' ? '' : `, accept: [{ path: ${accept}, until: 2027-01-01, reason: tried }]`} }] }`;
}

function deny(rule: string, fallback = 'Allow'): string {
  return `${mtls}\nauthorization: { default: ${fallback}, deny: [{ name: d, ${rule} }] }`;
}

const onlyClient = (namespace: string, operation = '') =>
  policy(
    namespace,
    'p',
    `{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [${namespace}/client] } }]${operation} }] }`,
  );

describe('what may be let through', () => {
  it('is nothing but what rules allow, under a default that denies', () => {
    const manifests = threeNamespaces + strict + onlyClient('side');
    expect(differences(manifests, settings(side, allow('from: [{ workload: side/client }]')))).toEqual([]);
    expect(differences(manifests, settings(side, allow('from: [{ workload: amb/client }]')))).toEqual([
      expect.stringMatching(/^too-much: anything from side\/client to side\/server:80; `rules\/default` denies it/),
      expect.stringMatching(/^too-little: anything from amb\/client to side\/server:80; `rules\/a` allows it$/),
    ]);
  });

  it('is everything, under no default, but for what is denied', () => {
    const denial = policy(
      'side',
      'd',
      '{ action: DENY, rules: [{ to: [{ operation: { methods: [DELETE], ports: ["8080"] } }] }] }',
    );
    const rule = 'to: [{ port: http, methods: [DELETE] }]';
    expect(differences(threeNamespaces + strict + denial, settings(side, deny(rule)))).toEqual([]);
    expect(differences(threeNamespaces + strict, settings(side, deny(rule)))).toEqual([
      expect.stringMatching(/^too-much: DELETE from .*; `rules\/d` denies it$/),
    ]);
  });

  it('holds at the pods: by another Service, by their address, and on ports that nobody declares', () => {
    const second = service('side', 'other').replace('app: other', 'app: server');
    const wide = policy(
      'side',
      'p',
      '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [side/client] } }], to: [{ operation: { ports: ["8080", "7070"] } }] }] }',
    );
    const found = differences(
      threeNamespaces + second + strict + wide,
      settings(side, allow('from: [{ workload: side/client }], to: [{ port: http }]')),
    );
    expect(found).toEqual([]);
    const ambient = wide.replace('namespace: side', 'namespace: amb').replace('side/client', 'amb/client');
    expect(
      differences(
        threeNamespaces + strict + ambient,
        settings(amb, allow('from: [{ workload: amb/client }], to: [{ port: http }]')),
      ),
    ).toEqual([expect.stringMatching(/^too-much: anything from amb\/client to pod of amb\/server:7070; /)]);
  });

  it('counts workloads that nobody has deployed yet', () => {
    const wide = policy(
      'side',
      'p',
      '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [side/client, side/ghost] } }] }] }',
    );
    expect(
      differences(threeNamespaces + strict + wide, settings(side, allow('from: [{ workload: side/client }]'))),
    ).toEqual([expect.stringMatching(/^too-much: .* from .*a new sidecar workload as side\/ghost to side\/server:80/)]);
  });

  it('is nothing in plaintext under strict mutual TLS, but for the named callers on their ports', () => {
    const exception = `mtls: { mode: Strict, plaintext: [{ name: p, from: [{ external: office }], to: [{ port: http }] }] }
authorization: { default: Deny, allow: [{ name: a, from: [{ external: office }], to: [{ port: http }] }] }`;
    const open = peerAuthentication(
      'side',
      'server',
      '{ selector: { matchLabels: { app: server } }, mtls: { mode: STRICT }, portLevelMtls: { 8080: { mode: PERMISSIVE } } }',
    );
    const byAddress = (blocks: string) =>
      policy(
        'side',
        'p',
        `{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { ipBlocks: [${blocks}] } }], to: [{ operation: { ports: ["8080"] } }] }] }`,
      );
    expect(differences(threeNamespaces + open + byAddress('203.0.113.0/24'), settings(side, exception))).toEqual([]);
    expect(differences(threeNamespaces + open + byAddress('203.0.112.0/23'), settings(side, exception))).toEqual([
      expect.stringMatching(/^too-much: source.ip 203.0.112.0\/23 but not 203.0.113.0\/24 from/),
    ]);
    expect(differences(threeNamespaces + strict + byAddress('203.0.113.0/24'), settings(side, exception))).toEqual([
      expect.stringMatching(/^too-little: source.ip 203.0.113.0\/24 from .*outside caller/),
    ]);
  });

  it('is nothing in plaintext to a workload outside the mesh', () => {
    const found = differences(threeNamespaces, settings('{ namespace: plain }', mtls));
    expect(found).toContainEqual(
      expect.stringMatching(/^too-much: .* to plain\/server:80; `rules\/mtls` wants mutual TLS$/),
    );
  });
});

describe('what must be let through', () => {
  const guarded =
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb') +
    strict +
    policy(
      'amb',
      'guard',
      '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [amb/waypoint] } }] }] }',
    );
  const atWaypoint = (rules: string) =>
    policy('amb', 'w', `{ targetRefs: [{ group: "", kind: Service, name: server }], rules: [${rules}] }`);
  const client = 'from: [{ source: { serviceAccounts: [amb/client] } }]';

  it('is what is addressed to the Service that a rule names, and not to its pods', () => {
    const rule = settings(
      amb,
      allow('from: [{ workload: amb/client }], to: [{ service: server, port: http, methods: [GET] }]'),
    );
    const exact = atWaypoint(`{ ${client}, to: [{ operation: { ports: ["80"], methods: [GET] } }] }`);
    expect(differences(guarded + exact, rule)).toEqual([]);
    expect(differences(guarded + atWaypoint(`{ ${client} }`), rule)).toContainEqual(
      expect.stringMatching(/^too-much: any but GET from amb\/client to amb\/server:80; /),
    );
    const narrow = atWaypoint(`{ ${client}, to: [{ operation: { ports: ["80"], methods: [GET], paths: [/x] } }] }`);
    expect(differences(guarded + narrow, rule)).toEqual([
      expect.stringMatching(/^too-little: GET any but \/x from amb\/client to amb\/server:80; /),
    ]);
  });

  it('is what is addressed to the pods where no Service leads to the port', () => {
    const rule = settings(amb, allow('from: [{ workload: amb/client }], to: [{ workload: server, port: 9999 }]'));
    const at = (port: string) =>
      policy(
        'amb',
        'p',
        `{ selector: { matchLabels: { app: server } }, rules: [{ ${client}, to: [{ operation: { ports: ["${port}"] } }] }] }`,
      );
    const scope = '{ workload: amb/server }';
    expect(differences(threeNamespaces + strict + at('9999'), rule.replace(amb, scope))).toEqual([]);
    expect(differences(threeNamespaces + strict + at('9998'), rule.replace(amb, scope))).toEqual([
      expect.stringMatching(/^too-much: .* to pod of amb\/server:9998/),
      expect.stringMatching(/^too-little: .* to pod of amb\/server:9999/),
    ]);
  });

  it('means a host with and without a port, and any one of the values', () => {
    const hosts = (list: string) =>
      policy(
        'side',
        'p',
        `{ selector: { matchLabels: { app: server } }, rules: [{ to: [{ operation: { ports: ["8080"], hosts: [${list}] } }] }] }`,
      );
    const rule = settings(side, allow('from: [anyAuthenticated], to: [{ port: http, hosts: [a.example] }]'));
    const named = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: server, namespace: side }
spec: { hosts: [a.example], http: [{ route: [{ destination: { host: server } }] }] }
`;
    expect(differences(threeNamespaces + strict + hosts('a.example, "a.example:*"') + named, rule)).toEqual([]);
    // The sidecars of callers know no other name of the Service: nothing is promised to what does not arrive there.
    expect(differences(threeNamespaces + strict + hosts('a.example'), rule)).toEqual([]);
    expect(differences(threeNamespaces + strict + hosts('a.example') + named, rule)).toEqual([
      expect.stringMatching(/^too-little: host a.example:\* from/),
    ]);
  });

  it('cannot be proved for one of two workloads that share an identity, unless somebody accepts it', () => {
    const twin = workload('side', 'twin').replace('serviceAccountName: twin', 'serviceAccountName: client');
    const manifests = threeNamespaces + twin + strict + onlyClient('side');
    const rule = (accept = '') => settings(side, allow('from: [{ workload: side/client }]', accept));
    expect(differences(manifests, rule())).toEqual([expect.stringMatching(/^too-much: anything from side\/client/)]);
    expect(differences(manifests, rule('sharedIdentity'))).toEqual([]);
  });
});

describe('settings', () => {
  it('of the nearest scope decide', () => {
    const wide = settings('mesh', 'mtls: { mode: Strict }\nauthorization: { default: Deny }', 'wide');
    const near = settings(side, 'authorization: { default: Allow }', 'near');
    const closed = policy('istio-system', 'none', '{}');
    const open = policy('side', 'open', '{ selector: { matchLabels: { app: server } }, rules: [{}] }');
    expect(differences(threeNamespaces + strict + closed + open, wide, near)).toEqual([]);
    expect(differences(threeNamespaces + strict + closed, wide, near)).toEqual([
      expect.stringMatching(/^too-little: .* to side\/server:80; `near\/default` allows it/),
    ]);
  });

  it('leave workloads alone of which they do not speak', () => {
    expect(
      differences(
        threeNamespaces + policy('side', 'open', '{ rules: [{}] }'),
        settings(amb, 'mtls: { mode: Permissive }'),
      ),
    ).toEqual([]);
  });
});

describe('an acceptance', () => {
  const guarded =
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb') +
    strict +
    policy(
      'amb',
      'w',
      '{ targetRefs: [{ group: "", kind: Service, name: server }], rules: [{ from: [{ source: { serviceAccounts: [side/client] } }], to: [{ operation: { methods: [GET] } }] }] }',
    ) +
    policy(
      'amb',
      'guard',
      '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [amb/waypoint, side/client] } }], to: [{ operation: { ports: ["8080"] } }] }] }',
    );
  const rule = (accept: string) =>
    settings(
      amb,
      allow('from: [{ workload: side/client }], to: [{ service: server, port: http, methods: [GET] }]', accept),
    );

  it('frees the callers on its path from what the rule says of requests, and no others', () => {
    expect(differences(guarded, rule('sidecarCallers'))).toEqual([]);
    expect(differences(guarded, rule('gatewayCallers'))).toEqual([
      expect.stringMatching(/^too-much: any but GET from side\/client to amb\/server:80; `rules\/default` denies it/),
    ]);
  });

  const accepted = (from: string, ...paths: readonly string[]) =>
    settings(
      amb,
      `authorization: { default: Deny, allow: [{ name: a, from: [${from}], to: [{ port: http }], accept: [${paths.map((path) => `{ path: ${path}, until: 2027-01-01, reason: tried }`).join(', ')}] }] }`,
    );
  const anybodyInPlaintext = policy(
    'amb',
    'p',
    '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { notPrincipals: ["*"] } }], to: [{ operation: { ports: ["8080"] } }] }] }',
  );

  it('for callers without an identity holds for a sidecar that calls a pod, since nobody sees who it is', () => {
    expect(
      differences(threeNamespaces + anybodyInPlaintext, accepted('{ external: nobody }', 'plaintextCallers')),
    ).toEqual([]);
    expect(
      differences(threeNamespaces + anybodyInPlaintext, accepted('{ workload: side/client }', 'plaintextCallers')),
    ).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^too-much: anything from an unauthenticated client, plain\/client to amb\/server:80; /),
      ]),
    );
  });

  it('on a denial of callers in plaintext gives them back, and keeps out who is seen', () => {
    const denial = (accept: string) =>
      settings(
        amb,
        `authorization: { default: Allow, deny: [{ name: d, from: [{ workload: side/client }], to: [{ port: http }]${accept} }] }`,
      );
    const denied = policy(
      'amb',
      'd',
      '{ selector: { matchLabels: { app: server } }, action: DENY, rules: [{ from: [{ source: { serviceAccounts: [side/client] } }], to: [{ operation: { ports: ["8080"] } }] }] }',
    );
    const accepted = denial(', accept: [{ path: plaintextCallers, until: 2027-01-01, reason: tried }]');
    const inPlaintext = expect.stringMatching(/^too-much: anything from side\/client to pod of amb\/server:8080; /);
    expect(differences(threeNamespaces + denied, accepted)).toEqual([]);
    expect(differences(threeNamespaces + denied, denial(''))).toEqual([inPlaintext]);
    expect(differences(threeNamespaces, accepted)).toEqual([
      expect.stringMatching(/^too-much: anything from side\/client to amb\/server:80; `rules\/d` denies it$/),
    ]);
  });
});
