import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../../src/cli/files/node-host.js';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';

const example = new URL('../../examples/bookshop', import.meta.url).pathname;

/** Git as nobody has configured it. */
const environment = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

let directory = '';

function git(...words: readonly string[]): string {
  return execFileSync('git', words, {
    cwd: directory,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function diff(argv: readonly string[], workingDirectory = join(directory, 'shop')) {
  const [output, messages]: [string[], string[]] = [[], []];
  const host = {
    ...nodeHost({ packageDirectory: '/package', version: '0.0.0', programName: 'ambit' }),
    workingDirectory,
    environment: {},
    output: { isTerminal: false, write: (text: string) => void output.push(text) },
    messages: { isTerminal: false, write: (text: string) => void messages.push(text) },
  };
  const exitCode = await runCli(['diff', ...argv], host);
  return { exitCode, stdout: output.join(''), stderr: messages.join('') };
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ambit-test-'));
  cpSync(example, join(directory, 'shop'), { recursive: true });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const opened = `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: nothing }
spec: { intents: [intents/] }
`;

describe('revisions of Git', () => {
  it('compares the last commit with the working tree, and touches neither checkout nor index', async () => {
    writeFileSync(join(directory, 'shop', 'note.txt'), 'not committed');
    const before = git('status', '--porcelain');
    const { exitCode, stdout, stderr } = await diff([]);
    expect(stderr).toBe('');
    expect(stdout).toContain('from HEAD to the working tree: no change');
    expect(exitCode).toBe(0);
    expect(git('status', '--porcelain')).toBe(before);
    expect(readdirSync(tmpdir()).filter((name) => /^ambit-(?!test-)/.test(name) && name.length === 12)).toEqual(
      expect.not.arrayContaining([expect.stringContaining('before')]),
    );
  });

  it('says which revision there is not, and what is not in one', async () => {
    expect(await diff(['mian', 'HEAD'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AMB0046') });
    mkdirSync(join(directory, 'other'));
    const elsewhere = await diff(['HEAD'], join(directory, 'other'));
    expect(elsewhere.exitCode).toBe(2);
    expect(elsewhere.stderr).toContain('AMB0048');
  });

  it('compares manifests alone with a revision from before there was a project', async () => {
    const project = ['ambit.yaml', 'intents', 'deploy'].map((name) => join(directory, 'shop', name));
    for (const path of project) rmSync(path, { recursive: true });
    git('commit', '-qam', 'before');
    git('checkout', '-q', 'HEAD~1', '--', '.');
    const { exitCode, stdout, stderr } = await diff(['--base', 'main']);
    expect(stderr).toBe('');
    expect(stdout).toContain('from main, before there were intents to the working tree:');
    expect(stdout).toContain('access');
    expect(exitCode).toBe(1);
  });

  it('says in which revision a fault lies', async () => {
    const access = join(directory, 'shop', 'intents', 'access.yaml');
    const text = readFileSync(access, 'utf8');
    writeFileSync(access, text.replace(/^apiVersion.*$/m, ''));
    git('commit', '-qam', 'two');
    writeFileSync(access, text);
    const { exitCode, stderr } = await diff([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--> HEAD:shop/intents/access.yaml:');
    expect((await diff(['main', 'HEAD', '-f', 'nowhere.yaml'])).stderr).toContain('`main:shop/nowhere.yaml`');
  });

  it('takes no revision for an option', async () => {
    const { exitCode, stderr } = await diff(['--', '--output=/tmp/no']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMB0046');
  });

  it('says which side does not compile', async () => {
    writeFileSync(join(directory, 'shop', 'ambit.yaml'), opened.replace('intents/', 'nowhere/'));
    const { exitCode, stderr } = await diff(['--base', 'main']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMB0049');
    expect(stderr).toContain('the working tree does not compile');
  });

  it('reads the project that is named on either side, from wherever it runs', async () => {
    const traffic = join(directory, 'shop', 'intents', 'traffic.yaml');
    writeFileSync(traffic, readFileSync(traffic, 'utf8').replace('timeout: 2s', 'timeout: 4s'));
    for (const named of ['shop', 'shop/ambit.yaml', join(directory, 'shop')]) {
      const { exitCode, stdout, stderr } = await diff(['--base', 'main', '--project', named], directory);
      expect([exitCode, stderr]).toEqual([1, '']);
      expect(stdout).toContain(`ambit trace --project ${named} `);
      expect(stdout).toContain('            shop/intents/traffic.yaml:5');
    }
    const nowhere = await diff(['--base', 'main', '--project', 'shops'], directory);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([2, expect.stringContaining('`shops` does not exist')]);
  });

  it('tells reports of the line of the intent that asked for what changed, on the side that has it', async () => {
    const access = join(directory, 'shop', 'intents', 'access.yaml');
    const text = readFileSync(access, 'utf8');
    writeFileSync(access, text.replace('methods: [POST], ', ''));
    const granted = await diff(['--report', 'github=-']);
    expect(granted.stdout).toMatch(/^::warning file=intents\/access\.yaml,line=22,.*title=AMB6001/m);
    writeFileSync(access, text.replace(/\n {6}- name: readers-write-reviews[\s\S]*?\n\n/, '\n'));
    const revoked = await diff(['--report', 'github=-']);
    expect(revoked.stdout).toMatch(/^::\w+ file=HEAD%3Ashop\/intents\/access\.yaml,line=22,.*title=AMB6007/m);
  });

  it('names submodules that it does not read', async () => {
    git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD').trim()},module`);
    git('commit', '-q', '-m', 'two');
    const { stderr } = await diff(['HEAD']);
    expect(stderr).toContain('AMB0050');
    expect(stderr).toContain('module');
  });

  it('names the submodule too where it is what a side lacks', async () => {
    const manifests = join(directory, 'shop', 'clusters');
    git('rm', '-rq', '--cached', manifests);
    git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD').trim()},shop/clusters`);
    git('commit', '-q', '-m', 'two');
    const { exitCode, stderr } = await diff([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMB0003');
    expect(stderr).toContain('shop/clusters');
    expect(stderr).toContain('AMB0050');
  });

  it('finds the project above a directory that the revision does not have', async () => {
    const below = join(directory, 'shop', 'notes');
    mkdirSync(below);
    const { exitCode, stdout, stderr } = await diff([], below);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('from HEAD to the working tree: no change');
  });
});

describe('directories', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { ports: [{ port: 80 }] }\n';
  const of = async (files: Readonly<Record<string, string | Uint8Array>>, argv: readonly string[]) => {
    const host = memoryHost({ files: { '/work/before/web.yaml': service, ...files } });
    return { exitCode: await runCli(['diff', ...argv], host), stderr: host.stderr() };
  };

  it('says by its path which one holds nothing', async () => {
    const { exitCode, stderr } = await of({ '/work/after/notes.txt': 'none' }, ['before', 'after']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('`after` holds nothing to read');
  });

  it('says by its path in which one a file cannot be read, or is not', async () => {
    const broken = { '/work/after/web.yaml': new Uint8Array([0xff]) };
    expect((await of(broken, ['before', 'after'])).stderr).toContain('`after/web.yaml` is not UTF-8');
    const lacking = { '/work/after/other.yaml': service };
    expect((await of(lacking, ['before', 'after', '-f', 'web.yaml'])).stderr).toContain(
      '`after/web.yaml` does not exist',
    );
  });

  it('says of the place of a fault in which one it lies', async () => {
    const { stderr } = await of({ '/work/after/web.yaml': `${service}x: [` }, ['before', 'after']);
    expect(stderr).toContain('--> after/web.yaml:5:');
  });
});

describe('many changes', () => {
  const most = 60;
  const workload = (name: string, caller: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: main, image: main, ports: [{ containerPort: 80 }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/${caller}] } }] }]
---
`;
  const state = (callerOf: (index: number) => string, mode: string) =>
    `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
${Array.from({ length: most }, (_, index) => workload(`s${index}`, callerOf(index))).join('')}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT }, selector: { matchLabels: { app: s1 } }, portLevelMtls: { 80: { mode: ${mode} } } }
`;
  const files = {
    '/work/before/mesh.yaml': state(() => 'nobody', 'STRICT'),
    '/work/after/mesh.yaml': state((index) => `s${(index + 1) % most}`, 'PERMISSIVE'),
  };
  const told = async (format: string) => {
    const host = memoryHost({ files });
    await runCli(['diff', 'before', 'after', '-o', format], host);
    return host.stdout();
  };

  it('leave room for some of every kind', async () => {
    const text = await told('human');
    expect(text).toMatch(/60 × access granted, 1 × mutual\s+TLS relaxed, 60 × access\s+revoked/);
    expect(['AMB6001', 'AMB6005', 'AMB6007'].map((code) => text.split(code).length - 1)).toEqual([46, 1, 3]);
    expect(text).toContain('and 71 more changes');
  });

  it('fit into a comment', async () => {
    const comment = await told('markdown');
    expect(comment.length).toBeLessThan(65_000);
    expect(comment.match(/<summary>.*AMB6005/g)).toHaveLength(1);
    expect(comment).toContain('and 91 more changes: `ambit diff -o json` has all of them');
  });
});

it('says that there is no Git', async () => {
  const host = memoryHost({ files: { '/work/ambit.yaml': opened } });
  expect(await runCli(['diff', 'main', 'HEAD'], host)).toBe(2);
  expect(host.stderr()).toContain('AMB0047');
});

it.each([
  [['one', 'two', 'three'], 'two sides are compared at a time'],
  [['--project', 'one', '--project', 'two', 'three'], 'two projects are both sides'],
  [['--project', 'one', '-f', 'two'], 'cannot be used with'],
])('refuses %j', async (argv, problem) => {
  const host = memoryHost();
  expect(await runCli(['diff', ...argv], host)).toBe(2);
  expect(host.stderr()).toContain(problem);
});

describe('a range of commits', () => {
  it('is its two ends, and the last commit where one is left out', async () => {
    expect((await diff(['main..HEAD'])).stdout).toContain('from main to HEAD');
    expect((await diff(['main..'])).stdout).toContain('from main to HEAD');
    expect((await diff(['..main'])).stdout).toContain('from HEAD to main');
  });

  it('is a path where one has its name, and none beside another side', async () => {
    expect((await diff(['../shop', '../shop'])).exitCode).toBe(0);
    expect((await diff(['main..HEAD', 'HEAD'])).stderr).toContain('`main..HEAD`');
    expect((await diff(['main...HEAD'])).stderr).toContain('`main...HEAD`');
  });
});
