import { describe, expect, it } from 'vitest';
import { differences, settings } from '../mesh/support/intents.js';
import { peerAuthentication, policy, threeNamespaces, workload } from '../mesh/support/mesh.js';

const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');
const closed = settings('{ service: side/server }', 'mtls: { mode: Strict }\nauthorization: { default: Deny }');

/** What an ALLOW for these callers lets through, where nothing is allowed but what another rule says. */
function openedTo(source: string, intents = closed, more = ''): readonly string[] {
  const rule = `{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: ${source} }] }] }`;
  return differences(threeNamespaces + strict + more + policy('side', 'p', rule), intents);
}

describe('identities that nobody runs as yet, and that a policy describes', () => {
  it.each([
    ['a namespace by its prefix', '{ principals: ["cluster.local/ns/later/*"] }', 'later/any-other'],
    ['namespaces by the start of their name', '{ principals: ["cluster.local/ns/la*"] }', 'laany-other/any-other'],
    [
      'accounts by the start of their name',
      '{ principals: ["cluster.local/ns/later/sa/job-*"] }',
      'later/job-any-other',
    ],
    ['an account of any namespace', '{ principals: ["*/sa/admin"] }', 'any-other/admin'],
    ['an account whatever its trust domain', '{ principals: ["*/ns/later/sa/admin"] }', 'later/admin'],
    ['accounts by the end of their name', '{ principals: ["*-admin"] }', 'any-other/any-other-admin'],
    ['namespaces by the end of their name', '{ namespaces: ["*-team"] }', 'any-other-team/any-other'],
    ['namespaces by the start of their name, as such', '{ namespaces: ["team-*"] }', 'team-any-other/any-other'],
  ])('are callers: %s', (_, source, caller) => {
    expect(openedTo(source).join('\n')).toContain(caller);
  });

  it('are nobody whom a rule means', () => {
    const namespace = settings(
      '{ service: side/server }',
      'mtls: { mode: Strict }\nauthorization: { default: Deny, allow: [{ name: a, from: [{ namespace: side }] }] }',
    );
    expect(openedTo('{ principals: ["cluster.local/ns/side/*"] }', namespace)).toEqual([]);
  });
});

it('callers of one namespace are told apart by the pattern of a policy', () => {
  const gets = settings(
    '{ service: side/server }',
    'mtls: { mode: Strict }\nauthorization: { default: Deny, allow: [{ name: a, from: [{ namespace: side }], to: [{ port: http, methods: [GET] }] }] }',
  );
  const ofNamespace = policy(
    'side',
    'gets',
    '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { namespaces: [side] } }], to: [{ operation: { ports: ["8080"], methods: [GET] } }] }] }',
  );
  const manifests = workload('side', 'zealot') + ofNamespace;
  expect(openedTo('{ principals: ["*/sa/zeal"] }', gets, manifests)).toEqual([
    expect.stringContaining('any-other/zeal to side/server:80, and 1 more of the kind'),
  ]);
  expect(openedTo('{ principals: ["cluster.local/ns/side/sa/zeal*"] }', gets, manifests)).toEqual([
    expect.stringContaining('any but GET from side/zealot to'),
  ]);
});
