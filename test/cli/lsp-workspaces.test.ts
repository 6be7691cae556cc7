import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InsertTextFormat, type PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { builtAmbit } from '../support/built-ambit.js';
import { Editor, uriOf } from '../support/editor.js';

const { scratch, ambit } = builtAmbit();
const shop = join(scratch, 'first', 'shop');
const other = join(scratch, 'second', 'shop');
const payments = join(shop, 'intents', 'payments.yaml');
const editor = new Editor(ambit);
const snippets = { completion: { completionItem: { snippetSupport: true } } };

beforeAll(() => {
  for (const directory of [shop, other]) cpSync('examples/hybrid-shop', directory, { recursive: true });
  return editor.start([shop, other], snippets);
});
afterEach(() => editor.closeAll());
afterAll(() => {
  editor.kill();
  rmSync(scratch, { recursive: true, force: true });
});

const isClear = ({ diagnostics }: PublishDiagnosticsParams) => diagnostics.every(({ severity }) => severity !== 1);
const isFaulty = (params: PublishDiagnosticsParams) => !isClear(params);

describe('several folders', () => {
  it('have projects of their own, though their names are the same', async () => {
    const second = join(other, 'intents', 'payments.yaml');
    await editor.open(payments);
    expect(isClear(await editor.open(second))).toBe(true);
    expect(isFaulty(await editor.write(second, (text) => text.replace('owner:', 'ownr:')))).toBe(true);
    expect(isClear(await editor.write(payments, (text) => `${text}\n`))).toBe(true);
    expect(await editor.definitions(other, second, 'orders/desk')).toEqual([
      expect.stringMatching(/^clusters\/east\/orders\.yaml:/),
    ]);
    expect(await editor.definitions(shop, payments, 'orders/desk')).toEqual([
      expect.stringMatching(/^clusters\/east\/orders\.yaml:/),
    ]);
  });
});

describe('files on the disk', () => {
  const deployed = join(shop, 'clusters', 'east', 'orders.yaml');
  const text = readFileSync('examples/hybrid-shop/clusters/east/orders.yaml', 'utf8');

  it('that are deleted are missed, and are there again when they come back', async () => {
    expect(isClear(await editor.open(payments))).toBe(true);
    rmSync(deployed);
    await editor.filesChanged(deployed);
    const { diagnostics } = await editor.heard(uriOf(payments), isFaulty);
    expect(diagnostics.map(({ message }) => message).join()).toContain('orders/desk');
    expect(await editor.definitions(shop, payments, 'orders/desk')).toEqual([]);
    writeFileSync(deployed, text);
    await editor.filesChanged(deployed);
    await editor.heard(uriOf(payments), isClear);
  });

  it('that are renamed are led to by their new names', async () => {
    const renamed = join(shop, 'clusters', 'east', 'desks.yaml');
    await editor.open(payments);
    renameSync(deployed, renamed);
    await editor.filesChanged(deployed, renamed);
    await editor.write(payments, (each) => `${each}\n`);
    expect(await editor.definitions(shop, payments, 'orders/desk')).toEqual([
      expect.stringMatching(/^clusters\/east\/desks\.yaml:/),
    ]);
    renameSync(renamed, deployed);
    await editor.filesChanged(deployed, renamed);
  });

  it('that are renamed while they are open are told of under their new names alone', async () => {
    const before = join(shop, 'intents', 'before.yaml');
    const after = join(shop, 'intents', 'after.yaml');
    const faulty = 'apiVersion: ambit.dev/v1alpha1\nkind: SecuritySettings\nmetadata: { name: a }\nspec: {}\n';
    writeFileSync(before, faulty);
    expect(isFaulty(await editor.open(before))).toBe(true);
    renameSync(before, after);
    await editor.closeAll();
    await editor.filesChanged(before, after);
    expect(isFaulty(await editor.open(after))).toBe(true);
    expect((await editor.heard(uriOf(before), isClear)).diagnostics).toEqual([]);
    rmSync(after);
    await editor.closeAll();
    await editor.filesChanged(after);
    await editor.open(payments);
    expect((await editor.heard(uriOf(after), isClear)).diagnostics).toEqual([]);
  });
});

describe('a project file that is broken for a while', () => {
  it('is told of, and names are known from before', async () => {
    const project = join(shop, 'ambit.yaml');
    await editor.open(payments);
    await editor.open(project);
    expect(isFaulty(await editor.write(project, (text) => text.replace('clusters:', 'clusters: [')))).toBe(true);
    await editor.write(payments, (text) => text.replace('{ service: orders/desk }', '{ service: '));
    const labels = (await editor.offered(payments, '[{ service: ')).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['orders/desk', 'ledger']));
    await editor.write(payments, () => readFileSync(payments, 'utf8'));
    expect(await editor.hover(payments, 'desk-charges')).toContain('As of the text that last compiled.');
    expect(isClear(await editor.write(project, () => readFileSync(project, 'utf8')))).toBe(true);
  });
});

describe('documents to begin with', () => {
  const added = join(shop, 'intents', 'added.yaml');
  const isSkeleton = ({ insertTextFormat }: { readonly insertTextFormat?: InsertTextFormat }) =>
    insertTextFormat === InsertTextFormat.Snippet;

  it('are snippets, for an editor that takes them', async () => {
    await editor.open(added, 'Gua');
    const [skeleton] = (await editor.offered(added, 'Gua')).filter(({ label }) => label === 'Guardrail');
    expect(skeleton).toMatchObject({
      insertTextFormat: InsertTextFormat.Snippet,
      textEdit: { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } } },
    });
    expect((await editor.offered(added, 'Gua')).filter(isSkeleton)).toHaveLength(5);
  });

  it('are none for another', async () => {
    const plain = await new Editor(ambit).start([shop]);
    await plain.open(added, 'Gua');
    const offered = await plain.offered(added, 'Gua');
    plain.kill();
    expect(offered.map(({ label }) => label)).toContain('apiVersion');
    expect(offered.filter(isSkeleton)).toEqual([]);
  });
});
