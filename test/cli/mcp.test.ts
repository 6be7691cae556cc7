import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounded } from '../../src/cli/mcp/bounded.js';
import { builtAmbit } from '../support/built-ambit.js';
import { filesBelow } from '../support/cases.js';

const { scratch, ambit } = builtAmbit();
const project = join(scratch, 'shop');
const outside = join(scratch, 'outside');
const client = new Client({ name: 'test', version: '1' });

beforeAll(async () => {
  cpSync('examples/hybrid-shop', project, { recursive: true });
  const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: project });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'first');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.yaml'), 'password: hunter2\n');
  symlinkSync(outside, join(project, 'link'));
  await client.connect(new StdioClientTransport({ command: 'node', args: [ambit, 'mcp'], cwd: project }));
  // From here on the client holds every answer to the schema that its tool has published.
  await client.listTools();
});

afterAll(async () => {
  await client.close();
  rmSync(scratch, { recursive: true, force: true });
});

interface Told {
  readonly isError: boolean;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at is for the test to know
  readonly structured: any;
}

async function call(name: string, given: Record<string, unknown> = {}): Promise<Told> {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: given });
  const [first] = content as ReadonlyArray<{ readonly text: string }>;
  return { isError: isError === true, text: first?.text ?? '', structured: structuredContent };
}

const texts = () => filesBelow(project).map((path) => `${relative(project, path)}: ${readFileSync(path, 'utf8')}`);

describe('the tools', () => {
  it('are told with what they take and answer, and say that they only read', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['compile', 'trace', 'diff', 'explain', 'test', 'topology']);
    for (const { annotations, inputSchema, outputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema?.properties).toHaveProperty('reports');
    }
    const [, trace] = tools;
    expect(trace?.inputSchema.properties).toMatchObject({
      from: { type: 'string' },
      podIp: { type: 'boolean' },
      fault: { type: 'array', items: { enum: expect.arrayContaining(['waypoint-down']) } },
    });
  });

  it('offer nothing by which a command writes or waits', async () => {
    const { tools } = await client.listTools();
    const inputs = tools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties ?? {}));
    const said = tools.flatMap(({ inputSchema }) => Object.values(inputSchema.properties ?? {}));
    for (const each of said) {
      expect(each).toMatchObject({ description: expect.stringMatching(/./) });
      expect(JSON.stringify(each)).not.toMatch(/--\w|repeatable|stdin with/);
    }
    for (const writing of ['outputDir', 'sourceMap', 'watch', 'writeBaseline', 'report', 'output', 'stdout']) {
      expect(inputs).not.toContain(writing);
    }
  });

  it('compile, and write nothing', async () => {
    const before = texts();
    const compiled = await call('compile');
    expect(compiled.isError).toBe(false);
    expect(compiled.structured).toMatchObject({ exitCode: 0, meaning: 'yes', answer: { kind: 'List' } });
    expect(JSON.parse(compiled.text)).toEqual(compiled.structured);
    const { structured: checked } = await call('compile', { check: true });
    expect(checked.exitCode).toBe(0);
    const { structured: unchecked } = await call('compile', { check: false });
    expect(unchecked).toEqual(compiled.structured);
    expect(texts()).toEqual(before);
  });

  it('follow a request', async () => {
    const asked = { from: 'orders/desk', to: 'payments/ledger:http', path: '/v1/charges' };
    expect((await call('trace', { ...asked, method: 'POST' })).structured.answer.verdict).toBe('allowed');
    expect((await call('trace', { ...asked, method: 'DELETE' })).structured.answer.verdict).toBe('denied');
    expect((await call('trace', { matrix: true, to: 'payments/ledger:http' })).structured.exitCode).toBe(0);
  });

  it('compare revisions of Git', async () => {
    expect((await call('diff')).structured.answer).toMatchObject({ before: 'HEAD', sameMeaning: true });
    const path = join(project, 'intents', 'payments.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('methods: [POST], ', ''));
    const { structured } = await call('diff', { base: 'HEAD' });
    writeFileSync(path, text);
    expect(structured.answer.sameMeaning).toBe(false);
    expect(structured.answer.changes.length).toBeGreaterThan(0);
  });

  it('explain', async () => {
    expect((await call('explain', { subject: 'AMB0051' })).structured.answer).toContain('outside');
    const rule = await call('explain', { subject: 'payments/desk-charges' });
    expect(rule.structured.answer).toContain('decided at waypoint payments/waypoint');
    const { structured } = await call('explain', { effective: 'payments/ledger' });
    expect(structured.answer).toEqual([expect.objectContaining({ workload: 'payments/ledger' })]);
  });

  it('run the tests, and show the deployment', async () => {
    const { structured } = await call('test');
    expect(structured.answer.tests.map(({ status }: { status: string }) => status)).toContain('passed');
    expect((await call('topology', { names: ['payments/ledger'] })).structured.exitCode).toBe(0);
  });
});

describe('what is not answered', () => {
  it.each([
    ['compile', { filename: ['../outside'] }],
    ['compile', { filename: ['/etc'] }],
    ['compile', { filename: ['link/secret.yaml'] }],
    ['compile', { project: '../outside' }],
    ['compile', { baseline: '../outside/secret.yaml' }],
    ['diff', { sides: ['HEAD', '../outside'] }],
    ['explain', { subject: 'accepted', filename: ['/etc/passwd'] }],
  ])('%s refuses %j, which lies outside', async (name, given) => {
    const { isError, text, structured } = await call(name, given);
    expect(isError).toBe(true);
    expect(structured.reports[0].diagnostics[0].code).toBe('AMB0051');
    expect(text).not.toContain('hunter2');
  });

  it.each([
    ['compile', { outputDir: '/tmp/x' }, /no input `outputDir`/],
    ['compile', { check: 'yes' }, /`check` takes `true` or `false`/],
    ['trace', { header: 'a: b' }, /`header` takes a list of texts/],
    ['compile', { filename: ['-'] }, /stdin/],
    ['explain', { log: '-' }, /stdin/],
    ['apply', {}, /no tool `apply`/],
  ])('%s with %j is an error that says why', async (name, given, why) => {
    const { isError, text } = await call(name, given);
    expect(isError).toBe(true);
    expect(text).toMatch(why);
  });

  it('takes no value for an option', async () => {
    const { structured } = await call('explain', { subject: '--output=json' });
    expect(structured.reports[0].diagnostics[0]).toMatchObject({ name: 'unknown-subject' });
  });

  it('tells where a project cannot be read', async () => {
    const path = join(project, 'intents', 'orders.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('spec:', 'spec: ['));
    const { isError, structured } = await call('compile');
    writeFileSync(path, text);
    expect(isError).toBe(true);
    expect(structured.reports[0].diagnostics[0]).toMatchObject({ file: 'intents/orders.yaml', severity: 'error' });
  });

  it('goes on after what is no message, and ends with stdin', () => {
    const ask = (id: number, method: string, params: object) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const input = [
      'garbage',
      '{"jsonrpc":',
      ask(1, 'initialize', hello),
      '[]',
      ask(2, 'nonsense', {}),
      ask(3, 'ping', {}),
    ];
    const { status, stdout, stderr } = spawnSync('node', ['--disallow-code-generation-from-strings', ambit, 'mcp'], {
      cwd: project,
      input: `${input.join('\n')}\n`,
      encoding: 'utf8',
    });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(answers.find(({ id }) => id === 2).error.code).toBe(-32601);
    expect(stderr).toContain('garbage');
    expect(status).toBe(0);
  });
});

describe('a long answer', () => {
  it('is cut where most of it is, and says how much is left', () => {
    const value = { small: [1, 2, 3], large: Array.from({ length: 1000 }, (_, index) => `item ${index}`) };
    const { value: cut, leftOut } = bounded(value, 1000);
    expect(JSON.stringify(cut).length).toBeLessThanOrEqual(1000);
    expect(cut).toMatchObject({ small: [1, 2, 3] });
    expect(leftOut).toEqual([{ at: 'large', shown: (cut as typeof value).large.length, of: 1000 }]);
  });

  it('is cut within the one item of a list, and within a text', () => {
    const { value, leftOut } = bounded({ list: [{ text: 'x'.repeat(5000) }] }, 2000);
    expect(value).toEqual({ list: [{ text: 'x'.repeat(1250) }] });
    expect(leftOut).toEqual([{ at: 'list.0.text', shown: 1250, of: 5000 }]);
  });

  it('that is short stays as it is', () => {
    expect(bounded({ a: [1, 2] }, 100)).toEqual({ value: { a: [1, 2] }, leftOut: [] });
  });
});
