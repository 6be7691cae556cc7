import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import schema from '../../schemas/import.schema.json' with { type: 'json' };
import { runCli } from '../../src/cli/run-cli.js';
import { filesBelow } from '../support/cases.js';
import { type MemoryHost, memoryHost } from '../support/memory-host.js';

const root = new URL('../../examples/adopting/', import.meta.url).pathname;
const files = Object.fromEntries(
  filesBelow(root).map((path) => [`/shop/${relative(root, path)}`, readFileSync(path, 'utf8')]),
);
const words = ['import', '-f', 'manifests', '--output', 'intents'];

function hostWith(more: Readonly<Record<string, string>> = {}): MemoryHost {
  return memoryHost({ files: { ...files, ...more }, workingDirectory: '/shop' });
}

/** The schema allows fields that come later; those that there are today are all described. */
function expectToKeepTo(described: object, answer: unknown): void {
  const closed = JSON.parse(
    JSON.stringify(described, (key, value) =>
      key !== 'properties' && Object(value).properties !== undefined
        ? { ...value, additionalProperties: false }
        : value,
    ),
  );
  const ajv = new Ajv({ allErrors: true });
  expect(ajv.validate(closed, answer), ajv.errorsText()).toBe(true);
}

it('writes the intents and the order of the hand-over, and says how it went', async () => {
  const host = hostWith();
  expect(await runCli(words, host), host.stderr()).toBe(0);
  expect(host.stdout()).toContain('10 objects with 11 rules: 11 said, 0 said with another, 0 without effect, 0 left\n');
  expect(host.stdout()).toContain('besides 1 object with listeners of gateways stays: Gateway ingress/public\n');
  expect(host.disk.tree('/shop/intents')['HANDOVER.md']).toMatch(
    /1 object stays as it is, beside the intents\.\n\n- Gateway ingress\/public .*: it says where the gateway listens, which intents say only of gateways that Ambit writes/,
  );
  const written = Object.keys(host.disk.tree('/shop/intents'));
  expect(written).toEqual(['HANDOVER.md', 'bookshop.yaml', 'ingress.yaml', 'mesh.yaml']);
  expect(host.disk.tree('/shop/intents')['HANDOVER.md']).toContain(
    'kubectl delete authorizationpolicy stock -n bookshop',
  );
});

it.each([
  ['a directory in the place of the format', ['--output', 'here']],
  ['a directory as other commands name it', ['--output-dir', 'here']],
  ['both as other commands name them', ['--output-dir', 'here', '--output', 'json']],
  ['both in the place of the format', ['--output', 'here', '-o', 'json']],
  ['the format by the name that it once had', ['--output', 'here', '--format', 'json']],
])('takes %s', async (_, options) => {
  const host = hostWith();
  expect(await runCli(['import', '-f', 'manifests', ...options], host), host.stderr()).toBe(0);
  expect(Object.keys(host.disk.tree('/shop/here'))).toContain('bookshop.yaml');
  expect(host.stdout().startsWith('{')).toBe(options.includes('json'));
  expect(() => host.files.list('/shop/json')).toThrow();
});

it('may be reported on stdout beside text, and not beside JSON', async () => {
  const report = ['--report', 'json=-'];
  expect(await runCli([...report, ...words], hostWith())).toBe(0);
  expect(await runCli([...report, ...words, '-o', 'json'], hostWith())).toBe(2);
});

it('says of which namespaces nobody knows whether their pods are in the mesh', async () => {
  const host = hostWith();
  const path = '/shop/manifests/bookshop.yaml';
  const [namespace = '', ...rest] = (files[path] ?? '').split('---\n');
  expect(namespace).toContain('kind: Namespace');
  const unknown = hostWith({ [path]: rest.join('---\n') });
  await runCli(words, host);
  expect(host.stderr()).not.toContain('AMB2523');
  await runCli(words, unknown);
  expect(unknown.stderr()).toContain('warning[AMB2523]: namespace `bookshop` has workloads but no manifest');
});

it('says that gateways stay also where there is nothing else', async () => {
  const path = '/shop/manifests/ingress.yaml';
  const [beforeRoutes = ''] = (files[path] ?? '').split(/---\n(?=.*\nkind: HTTPRoute)/);
  const host = hostWith({ [path]: beforeRoutes, '/shop/manifests/policies.yaml': '' });
  expect(await runCli(words, host)).toBe(0);
  expect(host.stdout()).toBe(
    'nothing to import: no policy or route that somebody wrote is among the manifests\n' +
      'besides 1 object with listeners of gateways stays: Gateway ingress/public\n',
  );
});

it('writes the same again, and over nothing that was edited', async () => {
  const host = hostWith();
  await runCli(words, host);
  const before = host.disk.tree('/shop/intents');
  expect(await runCli(words, host)).toBe(0);
  expect(host.disk.tree('/shop/intents')).toEqual(before);

  const edited = hostWith({ '/shop/intents/bookshop.yaml': '# by hand\n' });
  expect(await runCli(words, edited)).toBe(2);
  expect(edited.stderr()).toContain('error[AMB7003]: `intents/bookshop.yaml` is not what `ambit import` would write');
  expect(Object.keys(edited.disk.tree('/shop/intents'))).toEqual(['bookshop.yaml']);
  expect(await runCli([...words, '--force'], edited)).toBe(0);
  expect(edited.stdout()).toContain('wrote intents/bookshop.yaml over other intents, which are gone\n');
  expect(edited.stdout()).toContain(
    'proved: every request is treated as before, but for what intents said that are gone, once ',
  );
  expect(edited.disk.tree('/shop/intents')).toEqual(before);
});

it('names what stays and what had no effect', async () => {
  const text = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: stock, namespace: bookshop }
spec:
  selector: { matchLabels: { app: stock } }
  rules:
    - from: [{ source: { principals: [cluster.local/ns/bookshop/sa/catalog] } }]
    - to: [{ operation: { ports: ["5432"], methods: [GET] } }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: catalog, namespace: bookshop }
spec:
  selector: { matchLabels: { app: catalog } }
  rules:
    - when: [{ key: connection.sni, values: [catalog.example.com] }]
`;
  const host = hostWith({ '/shop/manifests/policies.yaml': text });
  expect(await runCli(words, host)).toBe(0);
  const said = host.stderr().replaceAll(/\s+/g, ' ');
  expect(said).toContain(
    'AMB7001]: AuthorizationPolicy bookshop/catalog stays as it is: rules say nothing of `connection.sni`',
  );
  expect(said).toContain('AMB7002]: AuthorizationPolicy bookshop/stock says something that has no effect');
  expect(host.stdout()).toContain('3 objects with 4 rules: 2 said, 0 said with another, 1 without effect, 1 left\n');
});

it('warns of what another tool would bring back', async () => {
  const text = files['/shop/manifests/policies.yaml'] ?? '';
  const policies = text.replace('  name: stock\n', '  name: stock\n  labels: { argocd.argoproj.io/instance: shop }\n');
  const host = hostWith({ '/shop/manifests/policies.yaml': policies });
  expect(await runCli(words, host)).toBe(0);
  expect(host.stderr()).toContain('AMB7004]: AuthorizationPolicy bookshop/stock is applied by Argo CD');
});

it('warns of what a controller makes of another object', async () => {
  const owner =
    '  ownerReferences: [{ apiVersion: example.com/v1, kind: Access, name: stock, uid: a, controller: true }]\n';
  const text = files['/shop/manifests/policies.yaml'] ?? '';
  const host = hostWith({
    '/shop/manifests/policies.yaml': text.replace('  name: stock\n', `  name: stock\n${owner}`),
  });
  expect(await runCli(words, host)).toBe(0);
  expect(host.stderr()).toContain('AMB7004]: AuthorizationPolicy bookshop/stock is applied by Access `stock`');
});

it('warns of NetworkPolicies that have to be enforced where Istio goes on to say the same', async () => {
  const text = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: stock, namespace: bookshop }
spec:
  podSelector: { matchLabels: { app: stock } }
  ingress:
    - from: [{ podSelector: { matchLabels: { app: catalog } } }]
`;
  const host = hostWith({ '/shop/manifests/policies.yaml': text });
  expect(await runCli(words, host), host.stderr()).toBe(0);
  expect(host.stderr()).toContain('AMB7005]: NetworkPolicy bookshop/stock stays');
  expect(host.stdout()).toContain('3 objects with 3 rules: 3 said');
  expect(host.disk.tree('/shop/intents')['HANDOVER.md']).toContain(
    'NetworkPolicy bookshop/stock (manifests/policies.yaml:7): the network plugin goes on to enforce what the intents say for Istio',
  );
  expect(await runCli([...words, '-o', 'json', '--force'], host), host.stderr()).toBe(0);
  expect(host.stdout()).toContain('"staysBeside": true');
});

it('writes nothing where the manifests are wrong', async () => {
  const host = hostWith({ '/shop/manifests/policies.yaml': 'kind: [\n' });
  expect(await runCli(words, host)).toBe(2);
  expect(host.stdout()).toBe('');
});

it('tells a program how it went, and what was meant', async () => {
  const text = (files['/shop/manifests/policies.yaml'] ?? '').replace(
    'cluster.local/ns/',
    'spiffe://cluster.local/ns/',
  );
  const host = hostWith({ '/shop/manifests/policies.yaml': text });
  expect(await runCli([...words, '--as-meant', '-o', 'json'], host), host.stderr()).toBe(0);
  const answer = JSON.parse(host.stdout());
  expectToKeepTo(schema, answer);
  expect(answer.asMeant).toBe(true);
  expect(answer.accidents).toMatchObject([{ file: 'manifests/policies.yaml', mended: true }]);
  expect(answer.changes[0]).toMatchObject({ kind: 'access-granted' });
  expect(answer.files).toContain('intents/bookshop.yaml');
  expect(host.disk.tree('/shop/manifests')['policies.yaml']).toBe(text);
});

it('tells a program what stays, as the schema says', async () => {
  const text = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: catalog, namespace: bookshop }
spec:
  selector: { matchLabels: { app: catalog } }
  rules:
    - when: [{ key: connection.sni, values: [catalog.example.com] }]
`;
  const host = hostWith({ '/shop/manifests/policies.yaml': text });
  expect(await runCli([...words, '-o', 'json'], host)).toBe(0);
  const answer = JSON.parse(host.stdout());
  expectToKeepTo(schema, answer);
  expect(answer.rules).toEqual({ said: 1, merged: 0, dead: 0, left: 1 });
  expect(answer.objects[0]).toMatchObject({
    file: 'manifests/policies.yaml',
    because: 'rules say nothing of `connection.sni`',
  });
  expect(answer.listeners).toMatchObject([{ object: 'Gateway ingress/public', file: 'manifests/ingress.yaml' }]);
});

describe('in a project', () => {
  const started = async () => {
    const host = hostWith({ '/package/schemas/ambit.schema.json': '{}' });
    expect(await runCli(['init', 'manifests'], host), host.stderr()).toBe(0);
    expect(host.stderr()).toContain('next: ambit topology, ambit import');
    return host;
  };
  it('is what comes next where there are routes alone, and not where there is nothing to import', async () => {
    const policies = '/shop/manifests/policies.yaml';
    const schema = { '/package/schemas/ambit.schema.json': '{}' };
    const routed = hostWith({ ...schema, [policies]: '' });
    await runCli(['init', 'manifests'], routed);
    expect(routed.stderr()).toContain('next: ambit topology, ambit import (there are policies or routes)');
    const plain = files['/shop/manifests/bookshop.yaml'] ?? '';
    const bare = memoryHost({
      files: { ...schema, '/shop/manifests/bookshop.yaml': plain },
      workingDirectory: '/shop',
    });
    await runCli(['init', 'manifests'], bare);
    expect(bare.stderr()).toContain('next: ambit topology, ambit compile');
  });

  const writtenIn = (host: MemoryHost) => Object.keys(host.disk.tree('/shop/intents'));

  it('takes the place of the first intents, as long as nobody has changed them', async () => {
    const host = await started();
    expect(writtenIn(host)).toEqual(['bookshop.yaml']);
    expect(await runCli(['import'], host), host.stderr()).toBe(0);
    expect(writtenIn(host)).toEqual(['HANDOVER.md', 'bookshop.yaml', 'ingress.yaml', 'mesh.yaml']);

    const edited = await started();
    const text = edited.disk.tree('/shop/intents')['bookshop.yaml'];
    const own = memoryHost({
      files: { ...files, ...pathsOf(edited), '/shop/intents/bookshop.yaml': `${text}# mine\n` },
      workingDirectory: '/shop',
    });
    expect(await runCli(['import'], own)).toBe(2);
    expect(own.stderr()).toContain('AMB7003');
  });

  it('takes first intents away for a namespace of which nothing is written', async () => {
    const host = await started();
    const text = (host.disk.tree('/shop/intents')['bookshop.yaml'] ?? '').replaceAll(
      /(name|namespace|in)(:?) bookshop/g,
      '$1$2 elsewhere',
    );
    const other = memoryHost({
      files: { ...files, ...pathsOf(host), '/shop/intents/elsewhere.yaml': text },
      workingDirectory: '/shop',
    });
    expect(await runCli(['import'], other), other.stderr()).toBe(0);
    expect(writtenIn(other)).not.toContain('elsewhere.yaml');
  });

  it('needs no intents that are there already', async () => {
    const host = await started();
    host.files.remove('/shop/intents');
    expect(await runCli(['import'], host), host.stderr()).toBe(0);
    expect(writtenIn(host)).toContain('bookshop.yaml');
  });
});

function pathsOf(host: MemoryHost): Record<string, string> {
  return Object.fromEntries(Object.entries(host.disk.tree('/shop')).map(([path, text]) => [`/shop/${path}`, text]));
}

it('names the cluster of each deletion, where there are several', async () => {
  const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  clusters:
    - { name: east, network: one, istio: { version: "1.29" }, manifests: [manifests/] }
    - { name: west, network: one, istio: { version: "1.29" }, manifests: [manifests/] }
`;
  const host = hostWith({ '/shop/mesh.yaml': mesh });
  expect(await runCli(['import', '-f', 'mesh.yaml'], host), host.stderr()).toBe(0);
  const page = host.disk.tree('/shop/intents')['HANDOVER.md'];
  for (const cluster of ['east', 'west'])
    expect(page).toContain(`kubectl --context ${cluster} delete authorizationpolicy stock -n bookshop\n`);
});
