import { describe, expect, it } from 'vitest';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { meshOf, policy, service, threeNamespaces, waypoint } from '../support/mesh.js';
import { verdictOf } from '../support/requests.js';

// Callers of the mesh have address 10.0.0.7, who is outside has 203.0.113.9.
const everybody = 'ipBlocks: [0.0.0.0/0]';
const nobody = 'notIpBlocks: [0.0.0.0/0]';
const condition = '{ key: source.ip, values: [0.0.0.0/0] }';

const deny = (rule: string) => `action: DENY, rules: [{ ${rule} }]`;
const bySource = (source: string) => deny(`from: [{ source: { ${source} } }]`);

function verdicts(mesh: Mesh, to: string, ...callers: readonly string[]): readonly string[] {
  return callers.map((from) => verdictOf(mesh, from, to));
}

describe('§1.3 a waypoint sees no address of a client', () => {
  const bound = threeNamespaces.replace(
    service('amb', 'server'),
    service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'),
  );
  const at = (spec: string) =>
    meshOf(
      bound +
        waypoint('amb') +
        policy('amb', 'p', `{ targetRefs: [{ group: "", kind: Service, name: server }], ${spec} }`),
    );
  it.each([
    ['DENY by a listed block denies nobody', bySource(everybody), 'allowed'],
    ['DENY by an excluded block denies everybody', bySource(nobody), 'forbidden'],
    ['ALLOW by a listed block admits nobody', `rules: [{ from: [{ source: { ${everybody} } }] }]`, 'forbidden'],
    ['ALLOW by an excluded block admits everybody', `rules: [{ from: [{ source: { ${nobody} } }] }]`, 'allowed'],
    ['source.ip is compared likewise', deny(`when: [${condition}]`), 'allowed'],
    ['remoteIpBlocks are another matter', bySource('remoteIpBlocks: [0.0.0.0/0]'), 'not-modelled'],
  ])('%s', (_, spec, expected) => expect(verdicts(at(spec), 'amb/server:80', 'amb/client')).toEqual([expected]));
});

describe('§1.3 a sidecar sees the address of whoever does not come by HBONE', () => {
  const at = (spec: string, settings = {}) =>
    meshOf(threeNamespaces + policy('side', 'p', `{ selector: { matchLabels: { app: server } }, ${spec} }`), settings);
  const callers = ['side/client', 'plain/client', 'amb/client'];
  it.each([
    [everybody, ['forbidden', 'forbidden', 'allowed']],
    [nobody, ['allowed', 'allowed', 'forbidden']],
  ])('DENY %s', (source, expected) =>
    expect(verdicts(at(bySource(source)), 'side/server:80', ...callers)).toEqual(expected),
  );

  it('sees ambient callers that come in plaintext, because it does not listen on HBONE', () => {
    const mesh = at(bySource(everybody), { sidecarsListenHbone: false });
    expect(verdicts(mesh, 'side/server:80', 'amb/client')).toEqual(['forbidden']);
  });

  it('sees no sidecar either where sidecars prefer HBONE (§9.3)', () => {
    const mesh = at(bySource(everybody), { flags: { PILOT_PREFER_SENDING_HBONE: true } });
    expect(verdicts(mesh, 'side/server:80', ...callers)).toEqual(['allowed', 'forbidden', 'allowed']);
  });

  it('sees no waypoint, which comes by HBONE', () => {
    const text =
      threeNamespaces.replace(
        service('side', 'server'),
        service('side', 'server', '{ istio.io/use-waypoint: waypoint }'),
      ) + waypoint('side');
    const denied = policy('side', 'p', `{ selector: { matchLabels: { app: server } }, ${bySource(everybody)} }`);
    expect(verdicts(meshOf(text + denied), 'side/server:80', 'amb/client')).toEqual(['allowed']);
  });
});

describe('§2.4 ztunnel sees the address of the peer, however it comes', () => {
  it.each(['amb/client', 'side/client', 'plain/client'])('of %s', (from) => {
    const mesh = meshOf(threeNamespaces + policy('amb', 'p', `{ ${bySource(everybody)} }`));
    expect(verdicts(mesh, 'amb/server:80', from)).toEqual(['closed']);
  });
});
