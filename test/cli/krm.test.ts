import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';

const example = new URL('../../examples/pipelines/kustomize/', import.meta.url).pathname;
const [shop = '', mesh = '', intents = '', project = ''] = ['shop', 'mesh', 'intents', 'ambit'].map((name) =>
  readFileSync(join(example, `${name}.yaml`), 'utf8'),
);

interface Thing {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

interface Result {
  readonly message: string;
  readonly severity: string;
  readonly tags: { readonly code: string };
}

interface List {
  readonly items: readonly Thing[];
  readonly functionConfig: Thing;
  readonly results?: readonly Result[];
}

function listOf(texts: readonly string[], config = project): string {
  const documents = texts.flatMap((text) => text.split(/^---\n/m));
  const items = documents.map((text) => `- ${text.replace(/\n$/, '').replaceAll(/\n(?!\n)/g, '\n  ')}\n`);
  const functionConfig = config && `functionConfig:\n  ${config.trimEnd().replaceAll('\n', '\n  ')}\n`;
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items.join('')}${functionConfig}`;
}

async function krm(standardInput: string, ...options: readonly string[]) {
  const host = memoryHost({ standardInput });
  const exitCode = await runCli(['krm', ...options], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr(), list: load(host.stdout()) as List };
}

const codesOf = ({ results = [] }: List) => results.map(({ tags }) => tags.code);
const namesOf = ({ items }: List) => items.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
const whole = listOf([shop, mesh, intents]);

describe('ambit krm', () => {
  it('adds what enforces the intents, and leaves what it was given in place', async () => {
    const { exitCode, list, stderr } = await krm(whole);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const before = namesOf(load(whole) as List);
    expect(namesOf(list).slice(0, before.length)).toEqual(before);
    expect(namesOf(list).slice(before.length)).toEqual([
      'ConfigMap/waypoint-options',
      'Gateway/waypoint',
      'AuthorizationPolicy/payments-allow',
      'PeerAuthentication/default',
      'AuthorizationPolicy/default-deny',
      'AuthorizationPolicy/payments-guard',
    ]);
    expect(list.items.at(-1)?.metadata.annotations).toMatchObject({
      'internal.config.kubernetes.io/path': 'ambit/40-guards/authorizationpolicy.shop.payments-guard.yaml',
      'internal.config.kubernetes.io/index': '0',
    });
    const payments = list.items.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'payments');
    expect(payments?.metadata.labels).toEqual({ 'istio.io/use-waypoint': 'waypoint' });
    expect(list.results).toBeUndefined();
  });

  it('gives a list that does what the intents say', async () => {
    const { list } = await krm(whole);
    const applied = list.items.filter(
      ({ metadata }) => metadata.annotations?.['config.kubernetes.io/local-config'] === undefined,
    );
    const files = { '/work/intents.yaml': intents, '/work/mesh.yaml': mesh };
    const verify = async (items: readonly Thing[]) => {
      const standardInput = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      return await runCli(
        ['verify', '-f', 'intents.yaml', '-f', 'mesh.yaml', '-f', '-'],
        memoryHost({ files, standardInput }),
      );
    };
    expect(await verify(applied)).toBe(0);
    expect(await verify(applied.filter(({ kind }) => kind !== 'AuthorizationPolicy'))).toBe(1);
  });

  it('changes nothing the second time', async () => {
    const first = await krm(whole);
    expect((await krm(first.stdout)).stdout).toBe(first.stdout);
  });

  it('takes back what is no longer needed', async () => {
    const { stdout } = await krm(whole);
    const simpler = (text: string) => text.replace('port: http, methods: [POST]', 'port: http');
    const again = await krm(simpler(stdout));
    expect(again.list).toEqual((await krm(simpler(whole))).list);
    expect(namesOf(again.list)).not.toContain('Gateway/waypoint');
    expect(again.stdout).not.toContain('use-waypoint');
  });

  it('puts back what stood there before', async () => {
    const own = shop.replace(
      /(kind: Service\nmetadata:\n {2}name: payments\n {2}namespace: shop\n)/,
      '$1  labels: { istio.io/use-waypoint: none, tier: gold }\n',
    );
    const first = await krm(listOf([own, mesh, intents]));
    const second = await krm(first.stdout);
    expect({ exitCode: second.exitCode, stdout: second.stdout }).toEqual({
      exitCode: first.exitCode,
      stdout: first.stdout,
    });
  });

  it('passes on texts as they are, comments included', async () => {
    const hard = `# why
apiVersion: v1
kind: ConfigMap
metadata: { name: hard, namespace: shop } # here
data:
  mode: &mode "0644"
  same: *mode
  no: 'no'
  text: |
    # not a comment
    ---

      deeper
`;
    const kept =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kept, namespace: shop }\ndata:\n  text: |+\n    last\n\n\n';
    const given = listOf([hard, kept, shop, mesh, intents]);
    const { list, stdout } = await krm(given);
    expect(stdout).toContain('# why\n');
    expect(stdout).toContain('{ name: hard, namespace: shop } # here');
    expect(list.items.slice(0, 2)).toEqual((load(given) as List).items.slice(0, 2));
  });

  it('reads JSON alike', async () => {
    const json = await krm(JSON.stringify(load(whole)));
    expect(json.list).toEqual((await krm(whole)).list);
  });

  it('does not read what is local to another tool', async () => {
    const other = shop.replaceAll(
      /^(metadata:)$/gm,
      '$1\n  annotations: { config.kubernetes.io/local-config: "true" }',
    );
    const { exitCode, stderr } = await krm(listOf([other, mesh, intents]));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMB2003');
  });

  it('reads the same document once, where it is an item too', async () => {
    const local = project.replace('annotations:', 'annotations:\n    config.kubernetes.io/local-config: "true"');
    expect((await krm(listOf([shop, mesh, intents, local]))).exitCode).toBe(0);
    const { list } = await krm(listOf([shop, mesh, intents, project]));
    expect(codesOf(list)).toEqual(['AMB0064']);
    expect(list.results).toMatchObject([
      { resourceRef: { kind: 'Project', name: 'shop' }, field: { path: 'metadata' } },
    ]);
  });

  it('takes a Mesh as the functionConfig, and no functionConfig', async () => {
    const expected = namesOf((await krm(whole)).list).filter((name) => name !== 'Mesh/shop');
    expect(namesOf((await krm(listOf([shop, intents], mesh))).list)).toEqual(expected);
    expect(namesOf((await krm(listOf([shop, intents], ''))).list)).toEqual(expected);
  });

  it('does as the Project says', async () => {
    const { stdout } = await krm(listOf([shop, mesh, intents], `${project}  syncWaves: true\n`));
    expect(stdout).toContain('argocd.argoproj.io/sync-wave');
    const other = await krm(listOf([shop, mesh, intents], `${project}  ambitVersion: 9.9.9\n`));
    expect(codesOf(other.list)).toEqual(['AMB0017']);
  });
});

describe('what is wrong', () => {
  it('is told at its object, its field and its file, and the items go back as they came', async () => {
    const annotated = intents.replace(
      'config.kubernetes.io/local-config: "true"',
      '$&\n    internal.config.kubernetes.io/path: intents/shop.yaml\n    internal.config.kubernetes.io/index: "0"',
    );
    const faulty = listOf([shop, mesh, annotated.replace('POST', 'PSOT')]);
    const { exitCode, list, stderr } = await krm(faulty);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('intents/shop.yaml:');
    expect(list.items).toEqual((load(faulty) as List).items);
    expect(list.results).toEqual([
      {
        message: expect.stringContaining('did you mean `POST`?'),
        severity: 'error',
        resourceRef: { apiVersion: 'ambit.dev/v1alpha1', kind: 'SecuritySettings', name: 'shop' },
        field: { path: 'spec.authorization.allow[0].to[0].methods[0]' },
        file: { path: 'intents/shop.yaml', index: 0 },
        tags: { code: 'AMB2022', name: 'malformed-method' },
      },
    ]);
  });

  it.each([
    ['', 'it is empty'],
    [shop, 'it holds several documents'],
    [mesh, 'it holds a Mesh'],
    [whole.replace('config.kubernetes.io/v1', 'v1'), 'its apiVersion is not `config.kubernetes.io/v1`'],
    ['apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: [1]\n', 'its `items` are no list of objects'],
    [
      'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: 1\n',
      'its `functionConfig` is no object',
    ],
  ])('is no ResourceList: %#', async (text, problem) => {
    const { exitCode, stdout, stderr } = await krm(text);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`error[AMB0061]: there is no ResourceList on stdin: ${problem}`);
  });

  it('is a functionConfig that nobody reads', async () => {
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: shop }\ndata: { provenance: full }\n';
    const { exitCode, list } = await krm(listOf([shop, mesh, intents], config));
    expect({ exitCode, codes: codesOf(list) }).toEqual({ exitCode: 2, codes: ['AMB0062'] });
  });

  it('is a field about files', async () => {
    const config = `${project}  intents: [intents/]\n  output: deploy/\n`;
    const reading = mesh.replace('- name: main', '- name: main\n      manifests: [clusters/main/]');
    const { exitCode, list } = await krm(listOf([shop, reading, intents], config));
    expect({ exitCode, codes: codesOf(list) }).toEqual({ exitCode: 2, codes: Array(3).fill('AMB0063') });
    const messages = list.results?.map(({ message }) => message.slice(0, message.indexOf(' is')));
    expect(messages?.sort()).toEqual(['`spec.clusters.manifests`', '`spec.intents`', '`spec.output`']);
  });

  it('is a document that would be sent to the cluster', async () => {
    const bare = intents.replace(/ {2}annotations:\n.*\n/, '');
    const { exitCode, list } = await krm(listOf([shop, mesh, bare]));
    expect({ exitCode, codes: codesOf(list) }).toEqual({ exitCode: 2, codes: ['AMB0064'] });
  });

  it('is a list within the list', async () => {
    const objects = shop.split(/^---\n/m).map((text) => load(text));
    const inner = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const { exitCode, list } = await krm(listOf([inner, mesh, intents]));
    expect({ exitCode, codes: codesOf(list) }).toEqual({ exitCode: 2, codes: ['AMB0066'] });
  });

  it('is such a project for another command', async () => {
    const host = memoryHost({ files: { '/work/ambit.yaml': project } });
    expect(await runCli(['compile'], host)).toBe(2);
    expect(host.stderr()).toContain('AMB0065');
  });

  it('is a warning, where it is to stop the run', async () => {
    const unused = `# ambit: accept AMB2505 until 2027-01-31 because nothing is wrong\n${intents}`;
    const list = listOf([shop, mesh, unused]);
    expect(await krm(list)).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('warning[') });
    const strict = await krm(list, '--deny-warnings');
    expect({ exitCode: strict.exitCode, items: strict.list.items }).toEqual({
      exitCode: 1,
      items: (load(list) as List).items,
    });
  });

  it('does not hold several documents of one kind', async () => {
    const second = project
      .replace('name: shop', 'name: other')
      .replace('config.kubernetes.io/function: |', 'config.kubernetes.io/local-config: |');
    expect(codesOf((await krm(listOf([shop, mesh, intents, second]))).list)).toContain('AMB0013');
  });
});
