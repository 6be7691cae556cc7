import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, policy, type Settings, threeNamespaces } from '../support/mesh.js';
import { bytes, get, requestOf, verdictOf } from '../support/requests.js';

const client = 'cluster.local/ns/amb/sa/client';

/** The verdicts for the ambient client on port 80 (8080) and port 81 (9000), and for an outsider on 8080. */
function verdicts(spec: string, namespace = 'amb', settings: Settings = {}): string {
  const mesh = meshOf(threeNamespaces + policy(namespace, 'p', spec), settings);
  return [
    verdictOf(mesh, 'amb/client', 'amb/server:80'),
    verdictOf(mesh, 'amb/client', 'amb/server:81', bytes),
    verdictOf(mesh, 'outside', 'pod amb/server:8080'),
  ].join(' ');
}

const server = 'selector: { matchLabels: { app: server } }';
const open = 'allowed allowed allowed';
const shut = 'closed closed closed';

describe('§1.1 special forms at ztunnel', () => {
  it.each([
    ['ALLOW without rules denies all', `{ ${server} }`, shut],
    ['an empty spec denies all', '{}', shut],
    ['ALLOW of an empty rule allows all', `{ ${server}, rules: [{}] }`, open],
    ['DENY of an empty rule denies all', `{ ${server}, action: DENY, rules: [{}] }`, shut],
  ])('%s', (_, spec, expected) => expect(verdicts(spec)).toBe(expected));
});

describe('§2.3 requests at ztunnel', () => {
  const methods = 'operation: { methods: [GET] }';
  it.each([
    ['ALLOW, every rule L7', `{ ${server}, rules: [{ to: [{ ${methods} }] }] }`, shut],
    [
      'ALLOW, some rules pure L4',
      `{ ${server}, rules: [{ to: [{ ${methods} }] }, { to: [{ operation: { ports: ['9000'] } }] }] }`,
      'closed allowed closed',
    ],
    [
      'ALLOW to [{ports},{methods}] is dropped whole',
      `{ ${server}, rules: [{ to: [{ operation: { ports: ['9000'] } }, { ${methods} }] }] }`,
      shut,
    ],
    ['DENY of methods alone never fires', `{ ${server}, action: DENY, rules: [{ to: [{ ${methods} }] }] }`, open],
    [
      'DENY from principals to methods never fires',
      `{ ${server}, action: DENY, rules: [{ from: [{ source: { principals: [${client}] } }], to: [{ ${methods} }] }] }`,
      open,
    ],
    [
      'DENY of {principals, requestPrincipals} denies the principal',
      `{ ${server}, action: DENY, rules: [{ from: [{ source: { principals: [${client}], requestPrincipals: ['*'] } }] }] }`,
      'closed closed allowed',
    ],
    [
      'DENY of requestPrincipals alone never fires',
      `{ ${server}, action: DENY, rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }`,
      open,
    ],
    [
      'DENY of [{requestPrincipals},{namespaces}] keeps the namespaces',
      `{ ${server}, action: DENY, rules: [{ from: [{ source: { requestPrincipals: ['*'] } }, { source: { namespaces: [amb] } }] }] }`,
      'closed closed allowed',
    ],
    [
      'DENY of {ports, methods} denies the port',
      `{ ${server}, action: DENY, rules: [{ to: [{ operation: { ports: ['8080'], methods: [POST] } }] }] }`,
      'closed allowed closed',
    ],
    [
      'DENY of [{ports},{methods}] keeps the ports',
      `{ ${server}, action: DENY, rules: [{ to: [{ operation: { ports: ['8080'] } }, { ${methods} }] }] }`,
      'closed allowed closed',
    ],
    [
      'DENY from L4 when headers never fires',
      `{ ${server}, action: DENY, rules: [{ from: [{ source: { namespaces: [amb] } }], when: [{ key: 'request.headers[x]', values: ['1'] }] }] }`,
      open,
    ],
    [
      'DENY when source.ip and headers never fires',
      `{ ${server}, action: DENY, rules: [{ when: [{ key: source.ip, values: [0.0.0.0/0] }, { key: 'request.headers[x]', values: ['1'] }] }] }`,
      open,
    ],
    [
      'DENY when source.ip alone fires',
      `{ ${server}, action: DENY, rules: [{ when: [{ key: source.ip, values: [10.0.0.0/8] }] }] }`,
      'closed closed allowed',
    ],
    [
      'DENY when source.serviceAccount never fires',
      `{ ${server}, action: DENY, rules: [{ when: [{ key: source.serviceAccount, values: [amb/client] }] }] }`,
      open,
    ],
    [
      'DENY from serviceAccounts fires',
      `{ ${server}, action: DENY, rules: [{ from: [{ source: { serviceAccounts: [client] } }] }] }`,
      'closed closed allowed',
    ],
    [
      'DENY of L7 and of L4 keeps the L4 rule',
      `{ ${server}, action: DENY, rules: [{ to: [{ ${methods} }] }, { to: [{ operation: { ports: ['8080'] } }] }] }`,
      'closed allowed closed',
    ],
    ['CUSTOM is not sent', `{ ${server}, action: CUSTOM, provider: { name: opa }, rules: [{}] }`, open],
    ['AUDIT is not sent', `{ ${server}, action: AUDIT, rules: [{}] }`, open],
  ])('%s', (_, spec, expected) => expect(verdicts(spec)).toBe(expected));
});

describe('§2.3 trustDomains at ztunnel', () => {
  it.each([
    [
      'ALLOW {principals, trustDomains} allows too much',
      `{ ${server}, rules: [{ from: [{ source: { principals: [${client}], trustDomains: [other] } }] }] }`,
      'allowed allowed closed',
    ],
    [
      'DENY of trustDomains alone never fires',
      `{ ${server}, action: DENY, rules: [{ from: [{ source: { trustDomains: ['*'] } }] }] }`,
      open,
    ],
  ])('%s', (_, spec, expected) => expect(verdicts(spec, 'amb', { version: '1.31' })).toBe(expected));
});

describe('§1.3 identity at ztunnel', () => {
  it.each([
    ["notPrincipals ['*'] is plaintext", `notPrincipals: ['*']`, 'allowed allowed closed'],
    ['notNamespaces holds for plaintext', 'notNamespaces: [amb]', 'allowed allowed closed'],
    ['notServiceAccounts holds for plaintext', 'notServiceAccounts: [amb/client]', 'allowed allowed closed'],
    ["principals ['*'] is any certificate", `principals: ['*']`, 'closed closed allowed'],
    ['a prefix', 'principals: [cluster.local/ns/amb/*]', 'closed closed allowed'],
    ['a suffix', `principals: ['*/sa/client']`, 'closed closed allowed'],
    ['spiffe:// never matches', `principals: ['spiffe://${client}']`, open],
  ])('DENY %s', (_, source, expected) => {
    expect(verdicts(`{ ${server}, action: DENY, rules: [{ from: [{ source: { ${source} } }] }] }`)).toBe(expected);
  });

  it('takes `cluster.local` as it stands, unlike Envoy (§8.3)', () => {
    const deny = `{ action: DENY, rules: [{ from: [{ source: { principals: [${client}] } }] }] }`;
    const mesh = meshOf(threeNamespaces + policy('amb', 'p', deny) + policy('side', 'p', deny), {
      trustDomain: 'prod.example',
    });
    expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe('allowed');
    expect(verdictOf(mesh, 'amb/client', 'side/server:80')).toBe('forbidden');
  });
});

describe('§3.4 attachment at ztunnel', () => {
  const denyAll = 'action: DENY, rules: [{}]';
  it.each([
    ['an empty selector attaches to nothing', 'amb', `{ selector: {}, ${denyAll} }`, open],
    ['empty `matchLabels` are every pod', 'amb', `{ selector: { matchLabels: {} }, ${denyAll} }`, shut],
    ['no selector is the namespace', 'amb', `{ ${denyAll} }`, shut],
    ['the root namespace reaches all', 'istio-system', `{ ${denyAll} }`, shut],
    ['a selector in the root namespace reaches all', 'istio-system', `{ ${server}, ${denyAll} }`, shut],
    ['another namespace reaches nothing', 'side', `{ ${denyAll} }`, open],
    ['other labels reach nothing', 'amb', `{ selector: { matchLabels: { app: other } }, ${denyAll} }`, open],
    [
      'targetRefs are invisible',
      'amb',
      `{ targetRefs: [{ group: '', kind: Service, name: server }], ${denyAll} }`,
      open,
    ],
  ])('%s', (_, namespace, spec, expected) => expect(verdicts(spec, namespace)).toBe(expected));
});

it('§3.4 a pod without any label gets every policy with a selector', () => {
  const bare =
    '---\napiVersion: v1\nkind: Pod\nmetadata: { name: bare, namespace: amb }\nspec: { containers: [{ name: main }] }\n';
  const spec = '{ action: DENY, selector: { matchLabels: { app: other } }, rules: [{}] }';
  const mesh = meshOf(threeNamespaces + bare + policy('amb', 'p', spec));
  expect(verdictOf(mesh, 'amb/client', 'pod amb/bare:8080')).toBe('closed');
  expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe('allowed');
});

it('§7 dry-run policies are not sent, and do not count as an ALLOW', () => {
  const mesh = meshOf(threeNamespaces + policy('amb', 'p', '{}', `{ istio.io/dry-run: 'true' }`));
  expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe('allowed');
});

it('says which policy and rule decided, and what was lost of it', () => {
  const spec = `{ ${server}, rules: [{ to: [{ operation: { methods: [GET] } }] }, { to: [{ operation: { ports: ['9000'] } }] }] }`;
  const mesh = meshOf(threeNamespaces + policy('amb', 'p', spec));
  const decision = decide(mesh, requestOf('amb/client', 'amb/server:80', get()));
  expect(decision.because).toBe('there are ALLOW policies and none matches: AuthorizationPolicy amb/p');
  expect(decision.trace[0]?.policies).toMatchObject([
    {
      matched: 'no',
      rules: [
        { because: 'rule requires port `9000`, request has `8080`', place: ['spec', 'rules', 1, 'to', 0, 'operation'] },
      ],
      lost: [
        {
          place: ['spec', 'rules', 0, 'to', 0, 'operation', 'methods'],
          why: 'ztunnel cannot see `methods`: the rule is dropped (§2.3)',
        },
      ],
    },
  ]);
});
