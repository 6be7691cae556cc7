import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readMesh } from '../../../src/mesh/mesh.js';
import { buildTopology } from '../../../src/topology/build-topology.js';
import {
  objectsOf,
  peerAuthentication,
  policy,
  requestAuthentication,
  type Settings,
  settingsOf,
} from '../support/mesh.js';

function complaints(text: string, settings: Settings = {}): string[] {
  const { diagnostics } = readMesh(buildTopology(settingsOf(settings), objectsOf(text)).value);
  return diagnostics.map(
    ({ message, span }) => `${message} at ${span?.file.text.slice(span.start, span.end).split('\n')[0]}`,
  );
}

const prefix = '`AuthorizationPolicy amb/p` would be refused by the cluster: ';

describe('§1.7 what the cluster refuses', () => {
  it.each([
    ['{ action: BLOCK }', '`BLOCK` is none of `ALLOW`, `DENY`, `AUDIT`, `CUSTOM` at BLOCK'],
    ['{ action: DENY }', 'a policy of action `DENY` needs rules at { action: DENY }'],
    ['{ action: CUSTOM, rules: [{}] }', 'a CUSTOM policy needs a provider at { action: CUSTOM, rules: [{}] }'],
    ['{ rules: [{ form: [] }] }', 'there is no field `form` here at form'],
    ['{ rules: [{ from: [{ source: {} }] }] }', 'an empty `source` is not allowed at {}'],
    [
      '{ rules: [{ to: [{ operation: { method: [GET], paths: [/] } }] }] }',
      'there is no field `method` here at method',
    ],
    [
      '{ rules: [{ when: [{ key: destination.name, values: [a] }] }] }',
      'there is no condition key `destination.name` at { key: destination.name, values: [a] }',
    ],
    ['{ rules: [{ when: [{ key: source.ip }] }] }', 'a condition needs values at { key: source.ip }'],
    ['{ targetRefs: [{ kind: Pod, name: a }] }', 'this kind of target is not supported at { kind: Pod, name: a }'],
    ['{ targetRef: { kind: Pod, name: a } }', 'this kind of target is not supported at { kind: Pod, name: a }'],
    [
      '{ targetRefs: [{ kind: Gateway, name: a }] }',
      'this kind of target is not supported at { kind: Gateway, name: a }',
    ],
    ['{ targetRefs: [{ kind: Service }] }', 'a target needs a name at { kind: Service }'],
    [
      '{ targetRefs: [{ kind: Service, name: a, namespace: b }] }',
      'a target is always in the namespace of its policy at { kind: Service, name: a, namespace: b }',
    ],
    [
      `{ targetRefs: [${Array.from({ length: 17 }, () => '{ kind: Service, name: a }').join(', ')}] }`,
      `\`targetRefs\` takes at most 16 items at [${Array.from({ length: 17 }, () => '{ kind: Service, name: a }').join(', ')}]`,
    ],
    ["{ selector: { matchLabels: { app: 'a*' } } }", "a selector has no wildcards at 'a*'"],
    ['{ selector: { matchExpressions: [] } }', 'there is no field `matchExpressions` here at matchExpressions'],
    ['{ selectors: {} }', 'there is no field `selectors` here at selectors'],
    ['{ rules: [null] }', '`null` is no mapping at null'],
    ['{ rules: {} }', '`{}` is no list at {}'],
    ['{ rules: [{ from: [{}] }] }', 'an empty `source` is not allowed at {}'],
    [
      '{ rules: [{ to: [{ operation: { ports: [8080] } }] }] }',
      '`8080` is a number and has to be a text, in quotes at 8080',
    ],
    [
      '{ rules: [{ when: [{ key: source.ip, values: [yes] }] }] }',
      '`true` is a boolean and has to be a text, in quotes at yes',
    ],
    ['{ rules: [{ to: [{ operation: { methods: GET } }] }] }', '`"GET"` is no list at GET'],
    ['{ rules: [{ from: [{ principals: [a] }] }] }', 'there is no field `principals` here at principals'],
    ['{ rules: [{ when: [{ key: source.ip, value: [10.0.0.1] }] }] }', 'there is no field `value` here at value'],
    ['{ rules: [{ when: [{ values: [a] }] }] }', 'there is no condition key `` at { values: [a] }'],
  ])('%s', (spec, complaint) => expect(complaints(policy('amb', 'p', spec))).toContain(prefix + complaint));

  const source = (fields: string, more = '') => `{ ${more} rules: [{ from: [{ source: { ${fields} } }] }] }`;
  const operation = (fields: string) => `{ rules: [{ to: [{ operation: { ${fields} } }] }] }`;
  it.each([
    [
      source('serviceAccounts: [a], namespaces: [b]'),
      '`serviceAccounts` cannot stand beside `principals` or `namespaces`',
    ],
    [source("namespaces: ['']"), '`namespaces` has an empty value'],
    [source('ipBlocks: [10.0.0.0/08]'), '`ipBlocks` has `10.0.0.0/08`, which is neither an IP address nor a block'],
    [source('ipBlocks: [10.0.0.0/33]'), '`ipBlocks` has `10.0.0.0/33`, which is neither an IP address nor a block'],
    [
      source(`serviceAccounts: [${Array.from({ length: 17 }, (_, index) => `a${index}`)}]`),
      'at most 16 service accounts are allowed',
    ],
    [source('namespaces: [a]', 'action: CUSTOM, provider: { name: p },'), 'a CUSTOM policy cannot use `namespaces`'],
    [source('namespaces: [a]', 'provider: { name: p },'), 'only CUSTOM has a provider'],
    [source('ipBlocks: [10.0.0.1]', "action: CUSTOM, provider: { name: '' },"), 'a CUSTOM policy needs a provider'],
    [
      source("serviceAccounts: ['a/*']"),
      '`serviceAccounts` has `a/*`, which is neither a service account nor `namespace/service account`',
    ],
    [
      source('serviceAccounts: [a/b/c]'),
      '`serviceAccounts` has `a/b/c`, which is neither a service account nor `namespace/service account`',
    ],
    [operation("methods: [GET, '']"), '`methods` has an empty value'],
    [operation("paths: ['/a/*/{*}']"), '`paths` has `/a/*/{*}`, which is no valid path template'],
    [operation("paths: ['/a//{*}']"), '`paths` has `/a//{*}`, which is no valid path template'],
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

  it.each([
    '{ rules: [{ from: [] }] }',
    '{ rules: [{ to: [], when: [] }] }',
    source("ipBlocks: ['::ffff:10.0.0.0/104']"),
  ])('%s is taken', (spec) => expect(complaints(policy('amb', 'p', spec))).toEqual([]));

  it('a selector beside targets', () => {
    const spec = "{ selector: { matchLabels: { a: b } }, targetRefs: [{ group: '', kind: Service, name: a }] }";
    expect(complaints(policy('amb', 'p', spec))).toHaveLength(1);
  });

  const peer = '`PeerAuthentication amb/pa` would be refused by the cluster: ';
  const selected = 'selector: { matchLabels: { app: server } }';
  it.each([
    ['{ portLevelMtls: { 8080: { mode: STRICT } } }', '`portLevelMtls` needs a selector at { 8080: { mode: STRICT } }'],
    [`{ ${selected}, portLevelMtls: { 0: { mode: STRICT } } }`, '`0` is no port at { mode: STRICT }'],
    [`{ ${selected}, portLevelMtls: { http: { mode: STRICT } } }`, '`http` is no port at { mode: STRICT }'],
    [`{ ${selected}, portLevelMtls: {} }`, '`portLevelMtls` needs at least one port at {}'],
    ['{ mtls: { mode: strict } }', '`strict` is none of `UNSET`, `DISABLE`, `PERMISSIVE`, `STRICT` at strict'],
    ['{ mode: STRICT }', 'there is no field `mode` here at mode'],
  ])('PeerAuthentication %s', (spec, why) => {
    expect(complaints(peerAuthentication('amb', 'pa', spec))).toEqual([peer + why]);
  });

  const authentication = '`RequestAuthentication amb/ra` would be refused by the cluster: ';
  it.each([
    ['{ jwtRules: [{}] }', 'a rule needs an issuer or a `jwksUri` at {}'],
    [
      `{ jwtRules: [{ issuer: a, jwks: '{"keys": []}', jwksUri: https://a/b }] }`,
      'only one of `jwks` and `jwksUri` can be set',
    ],
    ['{ jwtRules: [{ issuer: a, jwks: keys }] }', '`jwks` holds no keys at keys'],
    ["{ jwtRules: [{ issuer: a, jwksUri: 'https://%blah' }] }", '`https://%blah` is no address of keys'],
    ['{ jwtRules: [{ issuer: a, jwksUri: ftp://a/b }] }', '`ftp://a/b` is no address of keys'],
    ["{ jwtRules: [{ issuer: a, audiences: [''] }] }", "`audiences` has an empty value at ['']"],
    ['{ jwtRules: [{ issuer: a, fromHeaders: [{ prefix: b }] }] }', '`name` is needed here at { prefix: b }'],
    [
      '{ jwtRules: [{ issuer: a, outputClaimToHeaders: [{ header: "x user", claim: sub }] }] }',
      '`x user` is no name of a header at "x user"',
    ],
    ['{ jwtRules: [{ issuer: a, timeout: 5 seconds }] }', '`5 seconds` is no duration at 5 seconds'],
    ['{ jwtRules: [{ issuer: a, timeout: 10us }] }', '`10us` is shorter than a millisecond at 10us'],
    ['{ jwtRules: [{ issuer: a, audience: [b] }] }', 'there is no field `audience` here at audience'],
    ['{ jwtRules: [{ issuer: a, forwardOriginalToken: yes please }] }', '`"yes please"` is neither true nor false'],
    ['{ targetRef: { kind: Pod, name: a } }', 'this kind of target is not supported'],
  ])('RequestAuthentication %s', (spec, why) => {
    const found = complaints(requestAuthentication('amb', 'ra', spec));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(authentication + why);
  });

  it.each(['5s', '1.5h', '1m30s', '1ms'])('a timeout of %s is long enough', (timeout) => {
    expect(
      complaints(requestAuthentication('amb', 'ra', `{ jwtRules: [{ issuer: a, timeout: ${timeout} }] }`)),
    ).toEqual([]);
  });

  it.each(['', 'maybe'])('a dry-run annotation of `%s`', (value) => {
    const found = complaints(policy('amb', 'p', '{}', `{ istio.io/dry-run: '${value}' }`));
    expect(found).toEqual([`${prefix}\`${value}\` is neither true nor false at '${value}'`]);
  });

  it('`trustDomains` where the API does not have it yet', () => {
    const text = policy('amb', 'p', source('trustDomains: [a]'));
    expect(complaints(text, { version: '1.29' })[0]).toContain(`${prefix}there is no field \`trustDomains\` here`);
    expect(complaints(text, { version: '1.30' })).toEqual([]);
  });

  it('what is said of the whole policy, whatever is wrong within', () => {
    const text = policy('amb', 'p', '{ action: CUSTOM, rules: [{ to: [{ operation: { ports: [80] } }] }] }');
    expect(complaints(text).map((each) => each.split(' at ')[0])).toEqual([
      `${prefix}\`80\` is a number and has to be a text, in quotes`,
      `${prefix}a CUSTOM policy needs a provider`,
    ]);
  });

  it('both what is of no shape and what means nothing', () => {
    const text = policy(
      'amb',
      'p',
      '{ action: DENY, rules: [{ to: [{ operation: { ports: [80] } }] }, { from: [{}] }] }',
    );
    expect(complaints(text)).toEqual([
      `${prefix}\`80\` is a number and has to be a text, in quotes at 80`,
      `${prefix}an empty \`source\` is not allowed at {}`,
    ]);
  });

  it('nothing of what is in use', () => {
    expect(
      complaints(policy('amb', 'p', "{ rules: [{ when: [{ key: 'request.auth.claims[a][b]', values: [c] }] }] }")),
    ).toEqual([]);
    expect(complaints(policy('amb', 'p', '{ action: AUDIT }'))).toEqual([]);
    expect(complaints(policy('amb', 'p', "{ rules: [{ to: [{ operation: { paths: ['//a/{**}//'] } }] }] }"))).toEqual(
      [],
    );
  });
});

describe('what API servers and webhooks take and refuse', () => {
  /** Istio takes a principal that never matches; only a careful reader minds. */
  const isTaken = ({ says }: Specimen) => says === undefined || says === 'never matches';
  it.each(['admitted.yaml', 'refused.yaml'].flatMap(specimens))('$kind $spec', (specimen) => {
    const { kind, spec } = specimen;
    const object = { apiVersion: 'security.istio.io/v1', kind, metadata: { name: 'a', namespace: 'amb' } };
    const found = complaints(JSON.stringify(spec === undefined ? object : { ...object, spec }), { version: '1.31' });
    expect(found.length === 0).toBe(isTaken(specimen));
  });
});

interface Specimen {
  readonly kind: string;
  readonly spec: unknown;
  readonly says?: string;
}

function specimens(file: string): readonly Specimen[] {
  const text = readFileSync(new URL(`../../fixtures/admission/${file}`, import.meta.url), 'utf8');
  const all = load(text) as Specimen[];
  return all.filter(({ kind }) => /^(Authorization|Peer|Request)/.test(kind));
}
