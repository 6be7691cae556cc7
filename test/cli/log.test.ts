import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import diffSchema from '../../schemas/diff.schema.json' with { type: 'json' };
import schema from '../../schemas/log.schema.json' with { type: 'json' };
import { nodeHost } from '../../src/cli/files/node-host.js';
import { runCli } from '../../src/cli/run-cli.js';

const example = new URL('../../examples/bookshop', import.meta.url).pathname;
let directory = '';

function git(words: readonly string[], day = '01'): string {
  const when = `2026-11-${day}T10:00:00Z`;
  const somebody = { NAME: 'Ann', EMAIL: 'ann@example.com', DATE: when };
  const names = Object.entries(somebody).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const env = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(names),
  };
  return execFileSync('git', words, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

async function log(argv: readonly string[], workingDirectory = join(directory, 'shop')) {
  const [output, messages]: [string[], string[]] = [[], []];
  const host = {
    ...nodeHost({ packageDirectory: '/package', version: '0.0.0', programName: 'ambit' }),
    workingDirectory,
    environment: {},
    output: { isTerminal: false, write: (text: string) => void output.push(text) },
    messages: { isTerminal: false, write: (text: string) => void messages.push(text) },
  };
  const exitCode = await runCli(['log', ...argv], host);
  return { exitCode, stdout: output.join(''), stderr: messages.join('') };
}

const access = () => join(directory, 'shop', 'intents', 'access.yaml');

function rewrite(from: string, to: string): void {
  const text = readFileSync(access(), 'utf8');
  expect(text).toContain(from);
  writeFileSync(access(), text.replace(from, to));
}

function commit(day: string, ...message: readonly string[]): void {
  git(['add', '-A'], day);
  git(['commit', '-q', ...message.flatMap((text) => ['-m', text])], day);
}

const approvals = `apiVersion: ambit.dev/v1alpha1
kind: Approvals
metadata: { name: release }
spec:
  approvals:
    - name: books-are-ordered
      from: [{ workload: bookshop/storefront }]
      to: [{ service: bookshop/catalog, methods: [POST] }]
      until: 2026-11-30
      reason: readers order books
      owner: team-catalog
`;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ambit-test-'));
  cpSync(example, join(directory, 'shop'), { recursive: true });
  git(['init', '-q', '-b', 'main']);
  commit('01', 'one');
  writeFileSync(join(directory, 'shop', 'intents', 'approvals.yaml'), approvals);
  rewrite('methods: [GET], paths: [/books, /books/*]', 'methods: [GET, POST], paths: [/books, /books/*]');
  commit('02', 'Let books be ordered', 'Reviewed-by: Bob <bob@example.com>');
  rewrite('default: Deny', 'default: Denied');
  git(['add', '-A']);
  git(['commit', '-q', '--author', 'Eve <eve@example.com>', '-m', 'Break it'], '03');
  rewrite('default: Denied', 'default: Deny');
  renameSync(access(), join(directory, 'shop', 'intents', 'who.yaml'));
  commit('04', 'Mend it, in a file of another name');
  git(['checkout', '-q', '-b', 'topic']);
  writeFileSync(join(directory, 'note.txt'), 'nothing of the project');
  commit('05', 'Take a note');
  git(['checkout', '-q', 'main']);
  git(['merge', '-q', '--no-ff', '-m', 'Merge topic', 'topic'], '06');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('records commit by commit who changed what in meaning, when, and with whose approval', async () => {
  const { exitCode, stdout, stderr } = await log(['main~4..main', '-o', 'json']);
  const told = JSON.parse(stdout);
  const ajv = new Ajv({ strict: false, schemas: [diffSchema] });
  expect(ajv.validate(schema, told), ajv.errorsText()).toBe(true);
  expect([exitCode, stderr, told.leftOut]).toEqual([3, '', 0]);
  expect(told.commits).toMatchObject([
    { subject: 'Merge topic', parents: [expect.any(String), expect.any(String)], sameText: true, sameMeaning: true },
    { subject: 'Mend it, in a file of another name', sameText: false, sameMeaning: true, changes: [] },
    {
      subject: 'Break it',
      hash: git(['rev-parse', 'main~2']).trim(),
      author: 'Eve',
      email: 'eve@example.com',
      committer: 'Ann',
      committerEmail: 'ann@example.com',
      comparedWith: null,
      because: expect.stringContaining('AMB1055'),
    },
    {
      subject: 'Let books be ordered',
      author: 'Ann',
      email: 'ann@example.com',
      date: expect.stringMatching(/^2026-11-02T/),
      reviewers: ['Bob <bob@example.com>'],
      sameMeaning: false,
      changes: [{ kind: 'access-granted' }],
      approvals: [
        { name: 'books-are-ordered', until: '2026-11-30', reason: 'readers order books', owner: 'team-catalog' },
      ],
    },
  ]);
  expect(told.commits[1].comparedWith).toBe(told.commits[3].commit);
});

it('tells a person the same', async () => {
  const { stdout } = await log(['main~4..main']);
  expect(stdout).toMatch(/^\S+ 2026-11-06 Merge topic\n {2}by Ann <ann@example.com>\n {2}merges \S+, and is told as/);
  expect(stdout).toContain('\n  by Eve <eve@example.com>, committed by Ann <ann@example.com>\n');
  expect(stdout).toContain('the last before it that compiles');
  expect(stdout).toContain('approved by books-are-ordered until 2026-11-30: readers order books (team-catalog)');
  expect(stdout).toMatch(/\+ AMB6001 .*[\s\S]*access\.yaml:16\)/);
});

it('reads the project that is named, from wherever it runs', async () => {
  const { exitCode, stdout } = await log(['main~4..main~3', '--project', 'shop'], directory);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\+ AMB6001 .*[\s\S]*shop\/intents\/access\.yaml:16\)/);
});

it('says how many commits it leaves out', async () => {
  const { exitCode, stdout } = await log(['main~4..main', '--max-count', '1']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Merge topic[\s\S]*and 3 older commits: `--max-count` says how many are told/);
  expect((await log(['main..main'])).stdout).toBe('no commit from main to main\n');
});

it('has nothing to compare the first commit with', async () => {
  git(['checkout', '-q', '--orphan', 'apart']);
  commit('07', 'Begin anew');
  git(['checkout', '-q', 'main']);
  const { exitCode, stdout } = await log(['main..apart']);
  expect([exitCode, stdout]).toEqual([3, expect.stringContaining('not compared: it is the first commit')]);
});

it('says where there is nothing to compare with, and what it cannot look up', async () => {
  const shallow = join(directory, 'shallow');
  git(['clone', '-q', '--depth', '2', `file://${directory}`, shallow]);
  const [parent = '', head = ''] = git(['-C', shallow, 'rev-list', '--first-parent', '--reverse', 'HEAD']).split('\n');
  expect(parent).not.toBe('');
  const missing = await log([`main~4..${head}`, '-o', 'json'], join(shallow, 'shop'));
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('this clone is shallow')]);
  expect(await log(['mian..main'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AMB0046') });
  expect(await log(['main'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AMB0001') });
  expect(await log(['main...topic'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AMB0001') });
  expect(await log(['a..b'], tmpdir())).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AMB0047') });
});
