import { describe, expect, it } from 'vitest';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { ambientPeerPolicies } from '../../../src/mesh/policies/ambient-peer-authentication.js';
import { policyMatches } from '../../../src/mesh/policies/evaluate.js';
import { sidecarMode, sidecarScopes } from '../../../src/mesh/policies/peer-authentication.js';
import type { PeerAuthentication } from '../../../src/mesh/policies/policy.js';
import { known, unknown } from '../../../src/mesh/truth.js';
import type { View } from '../../../src/mesh/view.js';
import { meshOf, objectsOf, peerAuthentication, policy, threeNamespaces } from '../support/mesh.js';
import { bytes, get, verdictOf } from '../support/requests.js';

const strict = 'mtls: { mode: STRICT }';
const server = 'selector: { matchLabels: { app: server } }';

function plaintext(mesh: Mesh, namespace: string, port: number): boolean {
  return verdictOf(mesh, 'outside', `pod ${namespace}/server:${port}`, port === 9000 ? bytes : get()) === 'allowed';
}

describe('§5.5 under STRICT', () => {
  const mesh = meshOf(threeNamespaces + peerAuthentication('istio-system', 'default', `{ ${strict} }`));
  it.each([
    ['amb/client', 'amb/server:80', 'allowed'],
    ['amb/client', 'side/server:80', 'allowed'],
    ['side/client', 'amb/server:80', 'allowed'],
    ['side/client', 'side/server:80', 'allowed'],
    ['side/client', 'pod side/server:8080', 'closed'],
    ['plain/client', 'amb/server:80', 'closed'],
    ['plain/client', 'side/server:80', 'closed'],
    ['outside', 'pod amb/server:8080', 'closed'],
    ['amb/client', 'plain/server:80', 'allowed'],
  ])('%s to %s: %s', (from, to, expected) => expect(verdictOf(mesh, from, to)).toBe(expected));

  it('rejects an ambient caller before a sidecar that does not listen on HBONE', () => {
    const old = meshOf(threeNamespaces + peerAuthentication('istio-system', 'default', `{ ${strict} }`), {
      sidecarsListenHbone: false,
    });
    expect(verdictOf(old, 'amb/client', 'side/server:80')).toBe('closed');
  });
});

describe('§5.1 and §5.2 agree', () => {
  const exception = (top: string, mode: string) => `{ ${server}, ${top}, portLevelMtls: { 8080: { mode: ${mode} } } }`;
  /** Plaintext on 8080 and on 9000, at the sidecar and at ztunnel. */
  const table = (...policies: ReadonlyArray<readonly [scope: string, spec: string]>) =>
    ['side', 'amb'].map((namespace) => {
      const text = policies.map(([scope, spec], index) =>
        peerAuthentication(scope === 'root' ? 'istio-system' : namespace, `pa${index}`, spec),
      );
      const mesh = meshOf(threeNamespaces + text.join(''));
      return [plaintext(mesh, namespace, 8080), plaintext(mesh, namespace, 9000)];
    });

  it.each([
    ['nothing is PERMISSIVE', [], [true, true]],
    ['mesh STRICT', [['root', `{ ${strict} }`]], [false, false]],
    [
      'mesh STRICT, namespace PERMISSIVE',
      [
        ['root', `{ ${strict} }`],
        ['ns', '{ mtls: { mode: PERMISSIVE } }'],
      ],
      [true, true],
    ],
    ['namespace STRICT', [['ns', `{ ${strict} }`]], [false, false]],
    ['workload STRICT', [['ns', `{ ${server}, ${strict} }`]], [false, false]],
    ['STRICT with a PERMISSIVE port', [['ns', exception(strict, 'PERMISSIVE')]], [true, false]],
    ['STRICT with a DISABLE port', [['ns', exception(strict, 'DISABLE')]], [true, false]],
    ['STRICT with a STRICT port', [['ns', exception(strict, 'STRICT')]], [false, false]],
    ['PERMISSIVE with a STRICT port', [['ns', exception('mtls: { mode: PERMISSIVE }', 'STRICT')]], [false, true]],
    ['DISABLE with a STRICT port', [['ns', exception('mtls: { mode: DISABLE }', 'STRICT')]], [false, true]],
    [
      'mesh STRICT, UNSET with a PERMISSIVE port',
      [
        ['root', `{ ${strict} }`],
        ['ns', exception('mtls: { mode: UNSET }', 'PERMISSIVE')],
      ],
      [true, false],
    ],
    [
      'mesh STRICT, namespace PERMISSIVE, PERMISSIVE with a STRICT port',
      [
        ['root', `{ ${strict} }`],
        ['ns', '{ mtls: { mode: PERMISSIVE } }'],
        ['ns', exception('mtls: { mode: PERMISSIVE }', 'STRICT')],
      ],
      [false, true],
    ],
  ] as const)('%s', (_, policies, expected) => expect(table(...policies)).toEqual([expected, expected]));

  it.each([
    [
      'a: only DISABLE exceptions under an inherited STRICT',
      [
        ['root', `{ ${strict} }`],
        ['ns', exception('mtls: { mode: UNSET }', 'DISABLE')],
      ],
      [
        [true, false],
        [false, false],
      ],
    ],
    [
      'b: a namespace policy that is UNSET hides the mesh’s STRICT',
      [
        ['root', `{ ${strict} }`],
        ['ns', '{ mtls: { mode: UNSET } }'],
        ['ns', exception('mtls: { mode: UNSET }', 'PERMISSIVE')],
      ],
      [
        [true, false],
        [true, true],
      ],
    ],
    [
      'c: mesh STRICT, PERMISSIVE with a STRICT port',
      [
        ['root', `{ ${strict} }`],
        ['ns', exception('mtls: { mode: PERMISSIVE }', 'STRICT')],
      ],
      [
        [false, true],
        [true, true],
      ],
    ],
  ] as const)('§5.4 diverge, %s', (_, policies, expected) => expect(table(...policies)).toEqual(expected));
});

/** Every configuration of mesh × namespace × workload × two ports (§5.4): divergences fall in three families only. */
it('§5.4 diverges in no other configuration', () => {
  const modes = ['absent', 'UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'] as const;
  const [stub] = objectsOf(peerAuthentication('own', 'stub', '{}'));
  const policyOf = (namespace: string, mode: Mode, ports?: readonly [Mode, Mode]): PeerAuthentication => ({
    kind: 'PeerAuthentication',
    namespace,
    name: ports === undefined ? 'all' : 'one',
    matchLabels: ports === undefined ? undefined : { app: 'server' },
    mode: mode === 'absent' ? 'UNSET' : mode,
    ports: (ports ?? []).flatMap((portMode, index) =>
      portMode === 'absent' ? [] : [{ port: index + 1, mode: portMode }],
    ),
    created: '',
    object: stub?.object ?? expect.unreachable(),
  });
  type Mode = (typeof modes)[number];
  const unexpected: string[] = [];
  const families = { a: 0, b: 0, c: 0 };
  const configurations = modes.flatMap((mesh) =>
    modes.flatMap((namespace) =>
      modes.flatMap((top) =>
        modes.flatMap((first) => modes.map((second) => ({ mesh, namespace, top, first, second }))),
      ),
    ),
  );
  for (const { mesh, namespace, top, first, second } of configurations) {
    const policies = [
      ...(mesh === 'absent' ? [] : [policyOf('root', mesh)]),
      ...(namespace === 'absent' ? [] : [policyOf('own', namespace)]),
      policyOf('own', top, [first, second]),
    ];
    const isUnset = (mode: Mode) => mode === 'absent' || mode === 'UNSET';
    const exceptions = [first, second].filter((mode) => !isUnset(mode));
    const inherited = isUnset(namespace) ? mesh : namespace;
    const a = isUnset(top) && inherited === 'STRICT' && !exceptions.includes('PERMISSIVE');
    const b = isUnset(top) && mesh === 'STRICT' && namespace === 'UNSET' && exceptions.includes('PERMISSIVE');
    const c = mesh === 'STRICT' && isUnset(namespace) && (top === 'PERMISSIVE' || top === 'DISABLE');
    for (const port of [1, 2]) {
      const atSidecar = sidecarMode(sidecarScopes(policies, 'root'), port) !== 'STRICT';
      if (atSidecar === plaintextAtZtunnel(policies, port)) continue;
      if (a) families.a++;
      else if (b) families.b++;
      else if (c) families.c++;
      else unexpected.push([mesh, namespace, top, first, second, port].join(' '));
    }
  }
  expect(unexpected).toEqual([]);
  expect(Object.values(families).every((count) => count > 0)).toBe(true);
});

function plaintextAtZtunnel(policies: readonly PeerAuthentication[], port: number): boolean {
  const view: View = {
    principal: known(null),
    sourceIp: unknown(''),
    remoteIp: unknown(''),
    destinationIp: unknown(''),
    serverName: unknown(''),
    destinationPort: port,
    http: undefined,
  };
  return ambientPeerPolicies(policies, 'root').every((denial) => policyMatches(denial, view) === 'no');
}

describe('other rules of §5', () => {
  it('§5.1 an empty selector counts as none at a sidecar; §5.2 not for root policies at ztunnel', () => {
    const mesh = meshOf(threeNamespaces + peerAuthentication('istio-system', 'pa', `{ selector: {}, ${strict} }`));
    expect([plaintext(mesh, 'side', 8080), plaintext(mesh, 'amb', 8080)]).toEqual([false, true]);
  });

  it('§5.1 a selector in the root namespace is ignored', () => {
    const mesh = meshOf(threeNamespaces + peerAuthentication('istio-system', 'pa', `{ ${server}, ${strict} }`));
    expect([plaintext(mesh, 'side', 8080), plaintext(mesh, 'amb', 8080)]).toEqual([true, true]);
  });

  it('§5.1 the oldest of a scope wins', () => {
    const dated = (name: string, day: string, mode: string) =>
      peerAuthentication('side', name, `{ mtls: { mode: ${mode} } }`).replace(
        `name: ${name}`,
        `name: ${name}, creationTimestamp: '2024-01-${day}T00:00:00Z'`,
      );
    const mesh = meshOf(threeNamespaces + dated('a', '02', 'STRICT') + dated('b', '01', 'PERMISSIVE'));
    expect(plaintext(mesh, 'side', 8080)).toBe(true);
  });

  it('§5.1 sidecars call a DISABLE port in plaintext, so identity is lost', () => {
    const text = peerAuthentication('side', 'pa', '{ mtls: { mode: DISABLE } }');
    const allow = policy('side', 'p', '{ rules: [{ from: [{ source: { namespaces: [side] } }] }] }');
    expect(verdictOf(meshOf(threeNamespaces + text + allow), 'side/client', 'side/server:80')).toBe('forbidden');
  });

  it('§2.6 HBONE has ended its TLS before any port, so DISABLE does not concern it', () => {
    const text = peerAuthentication('side', 'pa', '{ mtls: { mode: DISABLE } }');
    const allow = policy('side', 'p', '{ rules: [{ from: [{ source: { namespaces: [amb] } }] }] }');
    expect(verdictOf(meshOf(threeNamespaces + text + allow), 'amb/client', 'side/server:80')).toBe('allowed');
  });

  describe('§5.1 manifests without dates do not tell which policy is the oldest', () => {
    const two = (namespace: string, one: string, other: string) =>
      meshOf(
        threeNamespaces +
          peerAuthentication(namespace, 'a', `{ mtls: { mode: ${one} } }`) +
          peerAuthentication(namespace, 'b', `{ mtls: { mode: ${other} } }`),
      );
    it.each([
      [
        'plaintext to a sidecar',
        two('side', 'STRICT', 'PERMISSIVE'),
        'outside',
        'pod side/server:8080',
        'not-modelled',
      ],
      ['plaintext to ztunnel', two('amb', 'STRICT', 'PERMISSIVE'), 'outside', 'pod amb/server:8080', 'not-modelled'],
      ['whoever has a certificate', two('amb', 'STRICT', 'PERMISSIVE'), 'amb/client', 'amb/server:80', 'allowed'],
      ['the same of sidecars', two('side', 'STRICT', 'PERMISSIVE'), 'side/client', 'side/server:80', 'allowed'],
      [
        'a sidecar that might call in plaintext',
        two('side', 'STRICT', 'DISABLE'),
        'side/client',
        'side/server:80',
        'not-modelled',
      ],
      ['two that agree', two('side', 'STRICT', 'STRICT'), 'outside', 'pod side/server:8080', 'closed'],
    ])('%s', (_, mesh, from, to, expected) => expect(verdictOf(mesh, from, to)).toBe(expected));
  });
});
