import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { type MemoryHost, memoryHost } from '../support/memory-host.js';
import { unwrapped } from '../support/page.js';
import { smallProject } from '../support/projects.js';

async function run(argv: readonly string[], host: MemoryHost) {
  const exitCode = await runCli(argv, host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

/** The project with its output written, some of it perhaps changed by hand. */
async function compiledHost(change: (path: string, text: string) => string | undefined): Promise<MemoryHost> {
  const first = memoryHost({ files: smallProject('/work') });
  expect(await runCli(['compile'], first), first.stderr()).toBe(0);
  const output = Object.entries(first.disk.tree('/work/out')).flatMap(([path, text]) => {
    const changed = change(path, String(text));
    return changed === undefined ? [] : [[`/work/out/${path}`, changed] as const];
  });
  return memoryHost({ files: { ...smallProject('/work'), ...Object.fromEntries(output) } });
}

it('proves what is on disk', async () => {
  const host = await compiledHost((_, text) => text);
  const { exitCode, stdout, stderr } = await run(['verify'], host);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^proved: every request is treated as the intents say \(2 workloads, \d+ ways in\)\n/);
  expect(stdout).toMatch(/\nlooked at {2}\d+ objects in cluster east: 2 workloads, \d+ Services, \d+ ways in\n/);
  expect(stdout).toMatch(/\n {2}policies \d AuthorizationPolicies\n/);
  expect(stdout).not.toContain('not compared');
});

it('answers no where somebody changed it, and shows the request', async () => {
  const widened = await compiledHost((_, text) => text.replace('- shop/checkout', '- shop/payments'));
  const { exitCode, stdout, stderr } = await run(['verify'], widened);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^not the same: \d+ differences/);
  expect(stderr).toContain('error[AMB5002]: `shop/payments` lets through what the intents refuse');
  expect(stderr).toContain('error[AMB5003]: `shop/payments` refuses what the intents allow');
  expect(unwrapped(stderr)).toMatch(
    /note: ztunnel at shop\/payments: let through, .* \(east\/20-policies\/[^)]*:\d+\)/,
  );
});

it('answers no where there is no output at all', async () => {
  const { exitCode, stderr } = await run(['verify'], memoryHost({ files: smallProject('/work') }));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('AMB5002');
});

it('says who is not compared where no directory is named', async () => {
  const argv = ['verify', '-f', 'intents', '-f', 'clusters/east'];
  const { stdout } = await run(argv, memoryHost({ files: smallProject('/work') }));
  expect(stdout).toContain('\nnot compared: workloads of which no intent speaks, ');
  const json = await run([...argv, '-o', 'json'], memoryHost({ files: smallProject('/work') }));
  expect(JSON.parse(json.stdout)).toMatchObject({ comparesOthers: false, changesForOthers: [] });
  const written = await run(['verify', '-o', 'json'], await compiledHost((_, text) => text));
  expect(JSON.parse(written.stdout)).toMatchObject({ comparesOthers: true });
});

it('says which cluster is meant where there are several', async () => {
  const files = smallProject('/work');
  const project = files['/work/ambit.yaml'] ?? '';
  const several = { ...files, '/work/ambit.yaml': `${project}    - { name: west, manifests: [clusters/east/] }\n` };
  const { stderr } = await run(['verify'], memoryHost({ files: several }));
  expect(stderr).toContain('note: in cluster `east`');
  expect(stderr).toContain('(in cluster `west`)');
});

it('says AMB0025 of a directory that is named and was never written', async () => {
  const host = memoryHost({ files: smallProject('/work') });
  const { exitCode, stdout, stderr } = await run(['verify', '--output-dir', 'uot'], host);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('error[AMB0025]: `uot` holds nothing that Ambit wrote');
});

it('takes any manifests, and speaks JSON', async () => {
  const files = smallProject('/work', 'intents: [intents/]');
  const policies = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: none, namespace: shop }
spec: {}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: payments, namespace: shop }
spec:
  selector: { matchLabels: { app: payments } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/checkout] } }], to: [{ operation: { ports: ["8080"] } }] }]
`;
  const inputs = ['-f', 'intents', '-f', 'clusters', '-f', 'policies.yaml'];
  const right = memoryHost({ files: { ...files, '/work/policies.yaml': policies } });
  const { exitCode, stdout } = await run(['verify', ...inputs, '-o', 'json'], right);
  expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 0, proved: true, differences: [] });
  const wrong = memoryHost({ files: { ...files, '/work/policies.yaml': policies.replace('8080', '80') } });
  const answer = await run(['verify', ...inputs, '-o', 'json'], wrong);
  expect(answer.exitCode).toBe(1);
  expect(JSON.parse(answer.stdout).differences).toContainEqual(
    expect.objectContaining({ kind: 'too-little', workload: 'shop/payments', intent: 'shop/checkout-pays', line: 10 }),
  );
});

const unseen = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: payments, namespace: shop }
spec: { template: { metadata: { labels: { app: payments } }, spec: { containers: [{ name: main }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: payments, namespace: shop }
spec: { selector: { app: payments }, ports: [{ name: http, port: 80 }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-deletes, namespace: shop }
spec: { action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }
`;

it('says what it looked at, what it did not read and what it assumed, where it finds nothing', async () => {
  const harmless = `${unseen.slice(0, unseen.lastIndexOf('---'))}---
apiVersion: example.dev/v1
kind: Widget
metadata: { name: one, namespace: shop }
`;
  const files = { '/work/clusters/shop.yaml': harmless };
  const { exitCode, stdout } = await run(['verify', '-f', 'clusters'], memoryHost({ files }));
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: `\
nothing found
looked at  4 objects in cluster default: 1 workload, 1 Service, 2 ways in
  policies none
  not read 1 example.dev/v1/Widget
  assumed  one cluster, Istio 1.29, trust domain cluster.local, root namespace istio-system: there
           is no Mesh document
`,
  });
  const json = await run(['verify', '-f', 'clusters', '-o', 'json'], memoryHost({ files }));
  expect(JSON.parse(json.stdout).lookedAt).toMatchObject({
    objects: 4,
    ways: 2,
    policies: {},
    notRead: { 'example.dev/v1/Widget': 1 },
  });
  const found = await run(['verify', '-f', 'clusters'], memoryHost({ files: { '/work/clusters/shop.yaml': unseen } }));
  expect(found.stdout).toMatch(/^found 1 warning\nlooked at {2}4 objects .*\n {2}policies 1 AuthorizationPolicy\n/);
});

it('answers with its findings where there are no intents, for programs too', async () => {
  const host = memoryHost({ files: { '/work/clusters/shop.yaml': unseen } });
  const { exitCode, stdout } = await run(['verify', '-f', 'clusters', '-o', 'json'], host);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout).diagnostics).toContainEqual(
    expect.objectContaining({ code: 'AMB5301', file: 'clusters/shop.yaml', line: 18 }),
  );
});

it('says what is wrong elsewhere where a revision that is unknown decides about one namespace', async () => {
  const undecided = unseen
    .replaceAll('shop', 'lab')
    .replace('istio.io/dataplane-mode: ambient', 'istio.io/dataplane-mode: ambient, istio.io/rev: nowhere');
  const host = memoryHost({ files: { '/work/clusters/shop.yaml': unseen, '/work/clusters/lab.yaml': undecided } });
  const { exitCode, stdout } = await run(['verify', '-f', 'clusters', '-o', 'json'], host);
  expect(exitCode).toBe(2);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; file: string }[] };
  expect(diagnostics.filter(({ file }) => file).map(({ code, file }) => [code, file])).toEqual([
    ['AMB2522', 'clusters/lab.yaml'],
    ['AMB5301', 'clusters/shop.yaml'],
  ]);
});

it('says what is wrong with enrolment beside manifests that contradict each other', async () => {
  const misspelt = unseen.replace('mode: ambient', 'mode: ambiant');
  const other = misspelt.replace('port: 80', 'port: 81');
  const files = { '/work/clusters/shop.yaml': misspelt, '/work/clusters/other.yaml': other };
  const { stderr } = await run(['verify', '-f', 'clusters'], memoryHost({ files }));
  expect(stderr).toContain('error[AMB2502]');
  expect(stderr).toContain('warning[AMB2511]');
});

it('says what is wrong with the intents beside it', async () => {
  const files = smallProject('/work');
  const manifests = '/work/clusters/east/shop.yaml';
  const undecided = files[manifests]?.replace('mode: ambient', 'mode: ambient, istio.io/rev: nowhere') ?? '';
  const misspelt = files['/work/intents/shop.yaml']?.replace('service: checkout', 'service: chekout') ?? '';
  const host = memoryHost({ files: { ...files, [manifests]: undecided, '/work/intents/shop.yaml': misspelt } });
  const { stderr } = await run(['compile'], host);
  expect(stderr).toContain('error[AMB2522]');
  expect(stderr).toMatch(/error\[AMB\d+\]: .*chekout/);
});

it('says invalid, and not no, of intents that cannot be read', async () => {
  const files = {
    ...smallProject('/work'),
    '/work/intents/more.yaml': 'apiVersion: ambit.dev/v1alpha1\nkind: Nothing\n',
  };
  const { exitCode, stdout } = await run(['verify'], memoryHost({ files }));
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

it('warns where a compilation is told not to verify (AMB5007)', async () => {
  const { exitCode, stderr } = await run(['compile', '--no-verify'], memoryHost({ files: smallProject('/work') }));
  expect(exitCode).toBe(0);
  expect(stderr).toContain('warning[AMB5007]');
});
