import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CodeAction, CompletionItem, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { builtAmbit } from '../support/built-ambit.js';
import { Editor, uriOf } from '../support/editor.js';

const { scratch, ambit } = builtAmbit();
const workspace = join(scratch, 'workspace');
const shop = join(workspace, 'shop');
const outside = join(scratch, 'outside');

beforeAll(() => {
  cpSync('examples/hybrid-shop', shop, { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.yaml'), 'password: hunter2\n');
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const payments = join(shop, 'intents', 'payments.yaml');
const editor = new Editor(ambit);
const { connection, told, texts } = editor;
const open = editor.open.bind(editor);
const write = editor.write.bind(editor);
const heard = editor.heard.bind(editor);
const hover = editor.hover.bind(editor);
const definitions = editor.definitions.bind(editor, shop);
beforeAll(() => editor.start([workspace]));
const editors: Editor[] = [editor];
afterAll(() => {
  for (const each of editors) each.kill();
});

/** One more editor, with a server of its own. */
function begun(folder: string): Promise<Editor> {
  const made = new Editor(ambit);
  editors.push(made);
  return made.start([folder]);
}
afterEach(() => editor.closeAll());

describe('diagnostics', () => {
  it('are told of the texts as they are now, with the page of each code, and mended by a code action', async () => {
    const saved = readFileSync(payments, 'utf8');
    expect((await open(payments)).diagnostics).toEqual([]);
    const { diagnostics } = await write(payments, (text) => text.replace('methods: [POST]', 'method: [POST]'));
    expect(diagnostics).toMatchObject([{ code: 'AMB1052', severity: 1, source: 'ambit' }]);
    const [first] = diagnostics;
    expect(first?.message).toContain('help: did you mean `methods`?');
    expect(readFileSync(new URL(first?.codeDescription?.href ?? ''), 'utf8')).toContain('# AMB1052');

    const context = { diagnostics };
    const params = { textDocument: { uri: uriOf(payments) }, range: first?.range, context };
    const offered: CodeAction[] = await connection.sendRequest('textDocument/codeAction', params);
    expect(offered.map(({ kind }) => kind)).toEqual(['quickfix', 'source.fixAll']);
    for (const [only, kinds] of [
      ['source', ['source.fixAll']],
      ['quickfix', ['quickfix']],
      ['source.fix', []],
      ['refactor', []],
    ] as const) {
      const asked = { ...params, context: { diagnostics, only: [only] } };
      const found: CodeAction[] = await connection.sendRequest('textDocument/codeAction', asked);
      expect(found.map(({ kind }) => kind)).toEqual(kinds);
    }
    const document = texts.get(uriOf(payments));
    for (const { edit } of offered) {
      const edits = edit?.changes?.[uriOf(payments)] ?? [];
      expect(document && TextDocument.applyEdits(document, edits)).toBe(saved);
    }
    expect((await write(payments, () => saved)).diagnostics).toEqual([]);
    expect(readFileSync(payments, 'utf8')).toBe(saved);
  });

  it('are told of every file, of what has no place at the project file, and taken back', async () => {
    await open(payments);
    const isTold = ({ diagnostics }: PublishDiagnosticsParams) => diagnostics.length > 0;
    const { diagnostics: withoutPlace } = await heard(uriOf(join(shop, 'ambit.yaml')), isTold);
    expect(withoutPlace).toMatchObject([{ code: 'AMB5006', severity: 3 }]);
    const orders = join(shop, 'intents', 'orders.yaml');
    await open(orders, 'apiVersion: ambit.dev/v1alpha1\nkind: SecuritySettings\nmetadata: { name: orders }\nspec: [');
    expect((await heard(uriOf(orders), isTold)).diagnostics).toMatchObject([{ severity: 1 }]);
    expect((await write(orders, () => readFileSync(orders, 'utf8'))).diagnostics).toEqual([]);
  });

  it('lead to the second place of what is said', async () => {
    await open(payments);
    const { diagnostics } = await write(payments, (text) => text.replace('name: scrape', 'name: desk-charges'));
    expect(diagnostics[0]?.relatedInformation?.[0]?.location).toMatchObject({ uri: uriOf(payments) });
  });

  it('tell of an AccessTest that fails', async () => {
    const tests = join(shop, 'intents', 'tests.yaml');
    await open(tests);
    const { diagnostics } = await write(tests, (text) => text.replace('expect: allow', 'expect: deny'));
    expect(diagnostics).toMatchObject([{ code: 'AMB5206' }]);
  });

  it('tell of a file that is not there yet', async () => {
    const added = join(shop, 'intents', 'added.yaml');
    const text = readFileSync(join(shop, 'intents', 'tests.yaml'), 'utf8').replace('expect: allow', 'expect: deny');
    const { diagnostics } = await open(
      added,
      text.replaceAll('name: money', 'name: gold').replace('name: ledger', 'name: more'),
    );
    expect(diagnostics).toMatchObject([{ code: 'AMB5206' }]);
  });

  it('tell of a project that cannot be read, and of the form of a text that belongs to none', async () => {
    const broken = join(workspace, 'broken', 'ambit.yaml');
    mkdirSync(join(workspace, 'broken'), { recursive: true });
    writeFileSync(broken, 'apiVersion: ambit.dev/v1alpha1\nkind: [Project');
    expect((await open(broken)).diagnostics).toMatchObject([{ severity: 1 }]);
    const loose = join(workspace, 'loose.yaml');
    writeFileSync(loose, 'apiVersion: ambit.dev/v1alpha1\nkind: SecuritySetting\nmetadata: { name: a }\n');
    const told = (await open(loose)).diagnostics;
    expect(told).toMatchObject([{ code: 'AMB0052', severity: 3 }, { code: expect.stringMatching(/^AMB1/) }]);
  });
});

describe('hover', () => {
  it('tells what a rule became and where, what is in force for a name, what a field and a code mean', async () => {
    await open(payments);
    const rule = await hover(payments, 'desk-charges');
    expect(rule).toContain('payments/desk-charges (intents/payments.yaml:');
    expect(rule).toContain('decided at waypoint payments/waypoint');
    const name = await hover(payments, 'ledger');
    expect(name).toContain('through waypoint payments/waypoint');
    expect(name).toContain('payments/default (intents/payments.yaml:9): Deny');
    expect(await hover(payments, 'methods')).toBe('HTTP methods. gRPC calls are POST.');
    await write(payments, (text) => `# ambit: accept AMB5301 until 2027-01-01 because of a reason\n${text}`);
    expect(await hover(payments, 'AMB5301')).toContain('ambit explain AMB5301');
    expect(await hover(payments, 'until 2027')).toBe('');
  });

  it('answers from what last compiled, while a text is broken elsewhere, and nothing where nothing can be read', async () => {
    await open(payments);
    await write(payments, (text) => text.replace('owner:', 'ownr:'));
    const told = await hover(payments, 'desk-charges');
    expect(told).toContain('decided at waypoint payments/waypoint');
    expect(told).toContain('As of the text that last compiled.');
    expect(await hover(payments, 'ledger')).toContain('As of the text that last compiled.');
    await write(payments, () => 'kind: [');
    expect(await hover(payments, 'kind')).toBe('');
  });
});

describe('definition', () => {
  it('leads from a rule to the objects that it became, and back', async () => {
    await open(payments);
    const emitted = await definitions(payments, 'desk-charges');
    const policy = 'deploy/east/20-policies/authorizationpolicy.payments.ledger-allow.yaml';
    const lines = readFileSync(join(shop, policy), 'utf8').split('\n');
    expect(emitted).toContain(`${policy}:${lines.findIndex((line) => line.includes('# payments/desk-charges')) + 1}`);
    const line =
      readFileSync(payments, 'utf8')
        .split('\n')
        .findIndex((each) => each.includes('desk-charges')) + 1;
    await open(join(shop, policy));
    expect(await hover(join(shop, policy), 'ledger-allow')).toContain(
      `payments/desk-charges (intents/payments.yaml:${line})`,
    );
    expect(await definitions(join(shop, policy), '# payments/desk-charges', 4)).toEqual([
      `intents/payments.yaml:${line}`,
    ]);
    expect(await definitions(join(shop, policy), 'apiVersion')).toEqual([
      'intents/payments.yaml:9',
      `intents/payments.yaml:${line}`,
    ]);
  });

  it('leads from a name to what has it', async () => {
    await open(payments);
    expect(await definitions(payments, 'orders/desk')).toEqual([
      expect.stringMatching(/^clusters\/east\/orders\.yaml:/),
    ]);
    expect(await definitions(payments, 'monitoring/prometheus')).toHaveLength(2);
    expect(await definitions(payments, 'port: http', 7)).toEqual([expect.stringMatching(/^clusters\/east\/payments/)]);
    const own = join(shop, 'intents', 'shop.yaml');
    await open(own);
    expect(await definitions(own, 'load-balancer }')).toEqual([expect.stringMatching(/^ambit\.yaml:/)]);
    const tests = join(shop, 'intents', 'tests.yaml');
    await open(tests);
    expect(await definitions(tests, 'payments/ledger:http')).toEqual([
      expect.stringMatching(/^clusters\/east\/payments/),
    ]);
  });
});

describe('completion', () => {
  it('offers fields and names in a text that is not whole', async () => {
    await open(payments);
    const labels = async (at: string) =>
      (await editor.ask<CompletionItem[]>('completion', payments, at, at.length)).map(({ label }) => label);
    await write(payments, (text) => text.replace('{ service: orders/desk }', '{ service: '));
    expect(await labels('[{ service: ')).toEqual(expect.arrayContaining(['orders/desk', 'ledger']));
    await write(payments, (text) => text.replace('owner: team-payments', 'own'));
    expect(await labels('own')).toContain('owner');
  });
});

describe('what lies outside', () => {
  it('is neither judged nor told of', async () => {
    const uri = uriOf(join(outside, 'secret.yaml'));
    const textDocument = { uri, languageId: 'yaml', version: 1, text: 'apiVersion: ambit.dev/v1alpha1\nkind: x\n' };
    await connection.sendNotification('textDocument/didOpen', { textDocument });
    const asked = { textDocument: { uri }, position: { line: 0, character: 1 } };
    expect(await connection.sendRequest('textDocument/hover', asked)).toBeNull();
    await open(payments);
    expect(told.map((each) => each.uri)).not.toContain(uri);
  });

  it('is not read for a project that names it', async () => {
    const path = join(workspace, 'reaching', 'ambit.yaml');
    mkdirSync(join(workspace, 'reaching'), { recursive: true });
    writeFileSync(
      path,
      'apiVersion: ambit.dev/v1alpha1\nkind: Project\nmetadata: { name: a }\nspec: { intents: [../../outside/] }\n',
    );
    const { diagnostics } = await open(path);
    expect(diagnostics).toMatchObject([{ code: 'AMB0051' }]);
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  it('is nowhere to go to, whatever a comment says', async () => {
    const policy = join(shop, 'deploy/east/20-policies/authorizationpolicy.payments.ledger-allow.yaml');
    await open(policy, '# gone/rule (../../outside/secret.yaml:1)\n# gone/other (intents/orders.yaml:3)\nkind: x\n');
    expect(await definitions(policy, 'gone/rule')).toEqual([]);
    expect(await definitions(policy, 'gone/other')).toEqual(['intents/orders.yaml:3']);
  });
});

describe('folders', () => {
  it('may be opened and closed', async () => {
    const made = await begun(outside);
    const change = (added: readonly string[], removed: readonly string[]) => {
      const folder = (path: string) => ({ uri: uriOf(path), name: 'folder' });
      const event = { added: added.map(folder), removed: removed.map(folder) };
      return made.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
    };
    await change([workspace], []);
    expect((await made.open(payments, 'kind: [')).diagnostics).toMatchObject([{ severity: 1 }]);
    await change([], [workspace]);
    expect((await made.heard(uriOf(payments), ({ diagnostics }) => diagnostics.length === 0)).diagnostics).toEqual([]);
    expect(await made.ask('hover', payments, 'kind')).toBeNull();
  });
});

describe('the protocol', () => {
  it('asks for initialize first, and takes nothing after shutdown, which ends with 0', async () => {
    const made = new Editor(ambit);
    editors.push(made);
    const asked = { textDocument: { uri: uriOf(payments) }, position: { line: 0, character: 0 } };
    const ask = () => made.connection.sendRequest('textDocument/hover', asked);
    await expect(ask()).rejects.toMatchObject({ code: -32002 });
    await made.start([workspace]);
    await made.connection.sendRequest('shutdown');
    await expect(ask()).rejects.toMatchObject({ code: -32600 });
    await made.connection.sendNotification('exit');
    expect(await made.ended).toBe(0);
  });

  it('ends with 1 on an exit without shutdown, and where stdin ends', async () => {
    const made = await begun(workspace);
    await made.connection.sendNotification('exit');
    expect(await made.ended).toBe(1);
    expect(spawnSync('node', [ambit, 'lsp'], { input: '' }).status).toBe(1);
  });

  it('takes questions back', async () => {
    await open(payments);
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    const source = new CancellationTokenSource();
    const asked = { textDocument: { uri: uriOf(payments) }, position: { line: 10, character: 16 } };
    const many = Array.from({ length: 20 }, () => connection.sendRequest('textDocument/hover', asked, source.token));
    source.cancel();
    const answers = await Promise.allSettled(many);
    const reasons = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect(reasons).toContain(-32800);
    expect(await connection.sendRequest('textDocument/hover', asked)).not.toBeNull();
  });

  it('answers what is malformed with an error, and goes on', async () => {
    await open(payments);
    await expect(connection.sendRequest('textDocument/hover', {})).rejects.toMatchObject({ code: expect.any(Number) });
    await expect(connection.sendRequest('textDocument/nonsense', {})).rejects.toMatchObject({ code: -32601 });
    await connection.sendNotification('textDocument/didOpen', { textDocument: 7 });
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri: 'no uri', version: 1 } });
    expect(await hover(payments, 'desk-charges')).toContain('waypoint');
  });

  it('survives what is no message', async () => {
    const message = (content: string) => `Content-Length: ${content.length}\r\n\r\n${content}`;
    const child = spawn('node', [ambit, 'lsp'], { cwd: scratch, stdio: ['pipe', 'pipe', 'ignore'] });
    const initialize = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { capabilities: {} } });
    child.stdin.write(message('{"jsonrpc":') + message('[1]') + message(initialize));
    let answered = '';
    for await (const chunk of child.stdout) {
      answered += chunk;
      if (answered.includes('"id":1')) break;
    }
    expect(answered).toContain('"hoverProvider":true');
  });
});
