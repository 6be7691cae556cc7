import { describe, expect, it } from 'vitest';
import { buildTopology } from '../../src/topology/build-topology.js';
import { readMesh } from '../../src/verify/mesh.js';
import { objectsOf, peerAuthentication, policy, settingsOf } from './support/mesh.js';

function complaints(text: string): string[] {
  const { diagnostics } = readMesh(buildTopology(settingsOf(), objectsOf(text)).value);
  return diagnostics.map(
    ({ message, span }) => `${message} at ${span?.file.text.slice(span.start, span.end).split('\n')[0]}`,
  );
}

const prefix = '`AuthorizationPolicy amb/p` would be refused by the cluster: ';

describe('§1.7 what the cluster refuses', () => {
  it.each([
    ['{ action: BLOCK }', 'there is no action `BLOCK` at BLOCK'],
    ['{ action: DENY }', 'a policy of action `DENY` needs rules at { action: DENY }'],
    ['{ action: CUSTOM, rules: [{}] }', 'a CUSTOM policy needs a provider at { action: CUSTOM, rules: [{}] }'],
    ['{ rules: [{ form: [] }] }', 'there is no field `form` here at []'],
    ['{ rules: [{ from: [{ source: {} }] }] }', 'an empty `source` is not allowed at {}'],
    ['{ rules: [{ to: [{ operation: { method: [GET], paths: [/] } }] }] }', 'there is no field `method` here at [GET]'],
    [
      '{ rules: [{ when: [{ key: destination.name, values: [a] }] }] }',
      'there is no condition key `destination.name` at { key: destination.name, values: [a] }',
    ],
    ['{ rules: [{ when: [{ key: source.ip }] }] }', 'a condition needs values at { key: source.ip }'],
    ['{ targetRefs: [{ kind: Pod, name: a }] }', 'this kind of target is not supported at { kind: Pod, name: a }'],
  ])('%s', (spec, complaint) => expect(complaints(policy('amb', 'p', spec))).toContain(prefix + complaint));

  const source = (fields: string, more = '') => `{ ${more} rules: [{ from: [{ source: { ${fields} } }] }] }`;
  const operation = (fields: string) => `{ rules: [{ to: [{ operation: { ${fields} } }] }] }`;
  it.each([
    [
      source('serviceAccounts: [a], namespaces: [b]'),
      '`serviceAccounts` cannot stand beside `principals` or `namespaces`',
    ],
    [source("namespaces: ['']"), '`namespaces` has an empty value'],
    [source('ipBlocks: [10.0.0.0/33]'), '`ipBlocks` has `10.0.0.0/33`, which is neither an IP address nor a block'],
    [
      source(`serviceAccounts: [${Array.from({ length: 17 }, (_, index) => `a${index}`)}]`),
      'at most 16 service accounts are allowed',
    ],
    [source('namespaces: [a]', 'action: CUSTOM, provider: { name: p },'), 'a CUSTOM policy cannot use `namespaces`'],
    [source('namespaces: [a]', 'provider: { name: p },'), 'only CUSTOM has a provider'],
    [operation("ports: ['70000']"), '`ports` has `70000`, which is no port'],
    [operation("paths: ['/a/{*}x']"), '`paths` has `/a/{*}x`, which is no valid path template'],
    [operation("paths: ['/{**}/{*}']"), '`paths` has `/{**}/{*}`, which is no valid path template'],
    [operation("notPaths: ['/{id}']"), '`paths` has `/{id}`, which is no valid path template'],
    [operation("paths: ['/{*}/a*']"), '`paths` has `/{*}/a*`, which is no valid path template'],
  ])('%s', (spec, why) => {
    const found = complaints(policy('amb', 'p', spec));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(prefix + why);
  });

  it('a selector beside targets', () => {
    const spec = "{ selector: { matchLabels: { a: b } }, targetRefs: [{ group: '', kind: Service, name: a }] }";
    expect(complaints(policy('amb', 'p', spec))).toHaveLength(1);
  });

  it('port exceptions without a selector', () => {
    const text = peerAuthentication('amb', 'pa', '{ portLevelMtls: { 8080: { mode: STRICT } } }');
    expect(complaints(text)).toEqual([
      '`PeerAuthentication amb/pa` would be refused by the cluster: `portLevelMtls` needs a selector at portLevelMtls',
    ]);
  });

  it('nothing of what is in use', () => {
    expect(
      complaints(policy('amb', 'p', "{ rules: [{ when: [{ key: 'request.auth.claims[a][b]', values: [c] }] }] }")),
    ).toEqual([]);
  });
});
