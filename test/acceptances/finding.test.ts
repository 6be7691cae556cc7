import { expect, it } from 'vitest';
import { clustersOf, findingOf } from '../../src/acceptances/finding.js';
import { diagnostic } from '../../src/diagnostics/create.js';
import { spanIn } from '../../src/parse/document.js';
import { readObjects } from '../../src/parse/read-objects.js';
import { readYaml } from '../../src/parse/read-yaml.js';

const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: web, namespace: shop }
spec:
  rules:
  - to: [{ operation: { methods: [GET] } }]
  - to: [{ operation: { methods: [DELETE] } }]
`;
const second = ['spec', 'rules', 1, 'to', 0, 'operation', 'methods'];
const first = ['spec', 'rules', 0, 'to', 0, 'operation', 'methods'];

interface Written {
  readonly text: string;
  readonly path?: ReadonlyArray<string | number>;
  readonly file?: string;
  readonly cluster?: string;
  readonly said?: string;
}

function found({ text, path = second, file = 'a.yaml', cluster, said = 'shop/web' }: Written) {
  const source = { path: file, text, ...(cluster && { cluster }) };
  const object = readObjects(readYaml(source, 'manifest').value).value.find(({ name }) => name === 'web');
  if (object === undefined) throw new Error('the object is there');
  const finding = diagnostic('denial-lost-at-ztunnel', { policy: said }, spanIn(object, path));
  return findingOf(finding, clustersOf([source]));
}

it('is known by its object and field', () => {
  expect(found({ text: policy })).toMatchObject({
    object: 'AuthorizationPolicy/shop/web',
    namespace: 'shop',
    field: 'spec.rules[].to[].operation.methods',
    cluster: undefined,
  });
  const named = policy.replace('  rules:', '  containers: [{ name: main, image: x }]\n  rules:');
  expect(found({ text: named, path: ['spec', 'containers', 0, 'image'] }).field).toBe('spec.containers[main].image');
});

it('is about no object where there is no text', () => {
  const said = diagnostic('no-mesh', { version: '1.29', trustDomain: 'cluster.local' }, null);
  expect(findingOf(said, () => undefined)).toMatchObject({ object: undefined, field: '', cluster: undefined });
});

const fingerprint = (written: Written) => found(written).fingerprint;
const spec = policy.slice(policy.indexOf('spec:'));

it.each([
  ['lines above it', { text: `# one\n\n---\n${policy}` }],
  ['another document before it', { text: `${policy.replaceAll('web', 'api')}---\n${policy}` }],
  ['another file', { text: policy, file: 'b/c.yaml' }],
  ['comments within it', { text: policy.replace('  rules:', '  # why\n  rules:') }],
  [
    'another style',
    {
      text: policy.replace(
        '[{ operation: { methods: [DELETE] } }]',
        '\n    - operation:\n        methods:\n        - "DELETE"',
      ),
    },
  ],
  [
    'another order of the fields',
    {
      text: `${spec}kind: AuthorizationPolicy\nmetadata: { namespace: shop, name: web }\napiVersion: security.istio.io/v1\n`,
    },
  ],
  ['a List around it', { text: `apiVersion: v1\nkind: List\nitems:\n- ${policy.replaceAll('\n', '\n  ')}` }],
  [
    'another rule before it',
    {
      text: policy.replace('rules:\n', 'rules:\n  - {}\n'),
      path: ['spec', 'rules', 2, 'to', 0, 'operation', 'methods'],
    },
  ],
  ['fields elsewhere in its object', { text: policy.replace('  rules:', '  action: DENY\n  rules:') }],
] as const)('is the same with %s', (_, written) => {
  expect(fingerprint(written)).toBe(fingerprint({ text: policy }));
});

it.each([
  ['another rule', { text: policy, path: first }],
  ['the rule when it says something else', { text: policy.replace('DELETE', 'POST') }],
  ['another object', { text: policy.replace('namespace: shop', 'namespace: bank') }],
  ['another kind', { text: policy.replace('AuthorizationPolicy', 'RequestAuthentication') }],
  ['another field', { text: policy, path: ['spec', 'rules', 1, 'to'] }],
  ['another cluster', { text: policy, cluster: 'east' }],
  ['what else is said of it', { text: policy, said: 'shop/other' }],
] as const)('is another one for %s', (_, written) => {
  expect(fingerprint(written)).not.toBe(fingerprint({ text: policy }));
});
