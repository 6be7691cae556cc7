import { expect, test } from 'vitest';
import { peerAuthentication, policy, service, workload } from '../mesh/support/mesh.js';
import { lintWith } from './shop.js';

const denial = '{ action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }';
const strict = '{ mtls: { mode: STRICT } }';
const tokens = (namespace: string) =>
  policy(namespace, 'tokens', '{ jwtRules: [{ issuer: i, jwksUri: https://i }] }').replace(
    'kind: AuthorizationPolicy',
    'kind: RequestAuthentication',
  );
const namespace = (name: string, labels = '{}') =>
  `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels} }\n`;
const yard = `${namespace('yard')}${workload('yard', 'shed')}${service('yard', 'shed')}`;

test.each([
  {
    law: 'a default deny in a namespace that is not there',
    manifests: [policy('legcy', 'none', '{}')],
    found: ['AMB5328 legcy/none: did you mean `legacy`?'],
  },
  {
    law: 'every kind of policy in it, one by one',
    manifests: [policy('legcy', 'p', denial), peerAuthentication('legcy', 'q', strict), tokens('legcy')],
    found: [
      'AMB5328 legcy/p: did you mean `legacy`?',
      'AMB5328 legcy/q: did you mean `legacy`?',
      'AMB5328 legcy/tokens: did you mean `legacy`?',
    ],
  },
  {
    law: 'a selector in it is for pods of the namespace that is meant',
    manifests: [policy('legcy', 'p', '{ selector: { matchLabels: { app: api } }, action: DENY, rules: [{}] }')],
    found: ['AMB5328 legcy/p: did you mean `legacy`?'],
  },
  {
    law: 'a namespace that is given, and none of its pods: once for all its policies',
    manifests: [namespace('jobs'), policy('jobs', 'p', '{}'), peerAuthentication('jobs', 'q', strict)],
    found: ['AMB5328 jobs/p: add the manifests of its pods'],
  },
  {
    law: 'STRICT for pods outside the mesh',
    manifests: [yard, peerAuthentication('yard', 'q', strict)],
    found: ['AMB5327 yard/q: enrol `yard/shed` in the mesh'],
  },
  {
    law: 'STRICT on one of their ports',
    manifests: [
      yard,
      peerAuthentication(
        'yard',
        'q',
        '{ selector: { matchLabels: { app: shed } }, mtls: { mode: PERMISSIVE }, portLevelMtls: { 8080: { mode: STRICT } } }',
      ),
    ],
    found: ['AMB5327 yard/q: enrol `yard/shed` in the mesh'],
  },
  {
    law: 'PERMISSIVE asks nothing of them',
    manifests: [yard, peerAuthentication('yard', 'q', '{ mtls: { mode: PERMISSIVE } }')],
    found: [],
  },
  {
    law: 'STRICT for a namespace of which one workload is outside is in force for the others',
    manifests: [
      workload('legacy', 'cron', ', sidecar.istio.io/inject: "false"'),
      service('legacy', 'cron'),
      peerAuthentication('legacy', 'q', strict),
    ],
    found: [],
  },
  {
    law: 'tokens are not checked at pods outside the mesh',
    manifests: [yard, tokens('yard')],
    found: ['AMB5327 yard/tokens: enrol `yard/shed` in the mesh'],
  },
])('$law', ({ manifests, found }) => {
  const named = lintWith(manifests.join('')).map(({ code, message, help }) => {
    return `${code} ${/`([^`]*)`/.exec(message)?.[1]}: ${help}`;
  });
  expect(named).toEqual(found);
});

test('the witness is a request to the pods of the namespace that is meant', () => {
  const [finding] = lintWith(policy('legcy', 'none', '{}'));
  expect(finding?.witness).toMatch(/^GET \/ from .* to legacy\/api:80 is let through/);
});
