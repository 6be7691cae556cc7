import { expect, test } from 'vitest';
import { peerAuthentication, policy } from '../mesh/support/mesh.js';
import { lintWith } from './shop.js';

const web = 'selector: { matchLabels: { app: web } }';
const api = 'selector: { matchLabels: { app: api } }';
const denial = (name: string, ...rules: readonly string[]) =>
  policy('legacy', name, `{ ${web}, action: DENY, rules: [${rules.join(', ')}] }`);
const to = (operation: string) => `{ to: [{ operation: { ${operation} } }] }`;
const from = (source: string) => `{ from: [{ source: { ${source} } }] }`;

test.each([
  {
    law: 'two denials that leave nothing are two policies',
    manifests: [denial('p', to('notMethods: [GET]')), denial('q', to('notMethods: [POST]'))],
    found: ['AMB5347 legacy/p', 'AMB5347 legacy/q'],
  },
  {
    law: 'with another that is not needed for it, the two are told',
    manifests: [
      denial('p', to('notMethods: [GET]')),
      denial('q', to('notMethods: [POST]')),
      denial('r', to('paths: [/a]')),
    ],
    found: ['AMB5347 legacy/p', 'AMB5347 legacy/q', 'AMB5343 legacy/r'],
  },
  {
    law: 'who denies everything in one rule says so',
    manifests: [denial('p', '{}')],
    found: [],
  },
  {
    law: 'so does who denies all but a caller that is not given, whatever else is denied',
    manifests: [denial('p', from('notPrincipals: [prod.example/ns/jobs/sa/batch]'))],
    found: ['AMB5334 legacy/p'],
  },
  {
    law: 'two denials that leave something',
    manifests: [denial('p', to('notMethods: [GET, HEAD]'), to('notMethods: [GET, POST]'))],
    found: [],
  },
  {
    law: 'a `not` for callers beside one for methods',
    manifests: [
      policy(
        'legacy',
        'p',
        `{ ${api}, action: DENY, rules: [{ from: [{ source: { notPrincipals: [prod.example/ns/legacy/sa/web] } }], to: [{ operation: { ports: ["8080"] } }] }, ${to('ports: ["8080"], notMethods: [GET]')}] }`,
      ),
    ],
    found: [],
  },
  {
    law: 'an ALLOW of two negations admits everything at the port that both name',
    manifests: [
      policy(
        'legacy',
        'p',
        `{ ${api}, rules: [${to('ports: ["8080"], notMethods: [GET]')}, ${to('ports: ["8080"], notMethods: [POST]')}] }`,
      ),
    ],
    found: ['AMB5347 legacy/p'],
  },
  {
    law: 'an ALLOW of all callers but one, and of all but another',
    manifests: [
      peerAuthentication('legacy', 'default', '{ mtls: { mode: STRICT } }'),
      policy(
        'legacy',
        'p',
        `{ ${api}, rules: [${from('notPrincipals: [prod.example/ns/legacy/sa/web]')}, ${from('notPrincipals: [prod.example/ns/legacy/sa/api]')}] }`,
      ),
    ],
    found: ['AMB5347 legacy/p'],
  },
  {
    law: 'who lists the callers that there are does not mean everybody',
    manifests: [
      peerAuthentication('legacy', 'default', '{ mtls: { mode: STRICT } }'),
      policy(
        'legacy',
        'p',
        `{ ${api}, rules: [${from('namespaces: [legacy, shop]')}, ${from('namespaces: [books, istio-system]')}] }`,
      ),
    ],
    found: ['AMB5344 legacy/p', 'AMB5334 legacy/p'],
  },
  {
    law: 'the other names of a Service in another rule of the list',
    manifests: [
      policy(
        'legacy',
        'p',
        `{ ${api}, action: DENY, rules: [${to('ports: ["8080"], hosts: [api, "api:*", "api.legacy*"], paths: [/a]')}] }`,
      ),
    ],
    found: [],
  },
  {
    law: 'an ALLOW by one name lets nobody in who should not be',
    manifests: [policy('legacy', 'p', `{ ${api}, rules: [${to('hosts: [api.legacy.svc.cluster.local]')}] }`)],
    found: [],
  },
  {
    law: 'an ALLOW for all hosts but one name of its own does',
    manifests: [
      policy('legacy', 'p', `{ ${api}, rules: [${to('notHosts: [api.legacy, "api.legacy:*"], paths: ["/a*"]')}] }`),
    ],
    found: ['AMB5348 legacy/p'],
  },
  {
    law: 'a denial by a host that is none of the Service’s',
    manifests: [
      policy(
        'legacy',
        'p',
        `{ ${api}, action: DENY, rules: [${to('ports: ["8080"], hosts: [shop.example, "shop.example:*"]')}] }`,
      ),
    ],
    found: [],
  },
  {
    law: 'a selector with nothing behind it is for the whole namespace',
    manifests: [policy('legacy', 'p', `{ selector: , rules: [${from('serviceAccounts: [legacy/web]')}] }`)],
    found: ['AMB5346 legacy/p'],
  },
  {
    law: 'a list of no callers is none, and the rule is for everybody',
    manifests: [policy('legacy', 'p', `{ ${api}, rules: [{ from: [], to: [{ operation: { ports: ["8080"] } }] }] }`)],
    found: ['AMB5346 legacy/p'],
  },
  {
    law: 'no rules are no rules, however they are written',
    manifests: [policy('legacy', 'p', `{ ${api}, rules: }`)],
    found: [],
  },
])('$law', ({ manifests, found }) => {
  const named = lintWith(manifests.join('')).map(({ code, message }) => `${code} ${/legacy\/\w+/.exec(message)?.[0]}`);
  expect(named).toEqual(found);
});

test('beside a rule that matches everything, it is said that this one may be the mistake', () => {
  const [finding] = lintWith(policy('legacy', 'p', `{ ${web}, rules: [{}, ${to('methods: [GET]')}] }`));
  expect(finding?.code).toBe('AMB5343');
  expect(finding?.help).toBe('remove it, or remove the rule `{}` of `legacy/p`, which matches everything');
});
