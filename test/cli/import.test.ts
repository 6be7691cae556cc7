import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, it } from 'vitest';
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

it('writes the intents and the order of the hand-over, and says how it went', async () => {
  const host = hostWith();
  expect(await runCli(words, host), host.stderr()).toBe(0);
  expect(host.stdout()).toContain('10 objects with 11 rules: 11 said, 0 said with another, 0 without effect, 0 left\n');
  const written = Object.keys(host.disk.tree('/shop/intents'));
  expect(written).toEqual(['HANDOVER.md', 'bookshop.yaml', 'ingress.yaml', 'mesh.yaml']);
  expect(host.disk.tree('/shop/intents')['HANDOVER.md']).toContain(
    'kubectl delete authorizationpolicy stock -n bookshop',
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
  expect(answer.asMeant).toBe(true);
  expect(answer.accidents).toMatchObject([{ file: 'manifests/policies.yaml', mended: true }]);
  expect(answer.changes[0]).toMatchObject({ kind: 'access-granted' });
  expect(answer.files).toContain('intents/bookshop.yaml');
  expect(host.disk.tree('/shop/manifests')['policies.yaml']).toBe(text);
});
