import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Judged } from '../../src/cli/language-server/project-state.js';
import { openWorkspace, type Surroundings } from '../../src/cli/language-server/workspace.js';
import { diagnostic } from '../../src/diagnostics/create.js';
import { memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const path = '/work/intents/shop.yaml';
const uri = `file://${path}`;
const test = `---
apiVersion: ambit.dev/v1alpha1
kind: AccessTest
metadata: { name: calls }
spec:
  cases:
    - { expect: allow, from: outside, to: "shop/payments:http" }
`;

/** A workspace with one open text, whose clock says of everything that it took so many milliseconds. */
function workspaceOf(took: number | (() => number), judge: Surroundings['judge'] = async () => undefined) {
  const files = smallProject('/work');
  const host = memoryHost({ files });
  const told: Array<readonly Diagnostic[]> = [];
  const failures: unknown[] = [];
  let clock = 0;
  const now = () => {
    clock += typeof took === 'number' ? took : took();
    return new Date(Date.UTC(2026, 10, 20) + clock);
  };
  let document = TextDocument.create(uri, 'yaml', 1, String(files[path]));
  let fault: Error | undefined;
  const workspace = openWorkspace({
    host: { ...host, now },
    judge,
    documents: () => [document],
    publish: (of, _, diagnostics) => {
      if (fault !== undefined) throw fault;
      if (of === uri) told.push(diagnostics);
    },
    failed: (error) => failures.push(error),
  });
  const write = async (text: string) => {
    told.length = 0;
    document = TextDocument.create(uri, 'yaml', document.version + 1, text);
    workspace.changed(path);
    // Nothing waits in memory: all that is done comes before this.
    await setTimeout(0);
    return told.map((diagnostics) => diagnostics.map(({ code }) => code));
  };
  const fail = (error: Error | undefined) => {
    fault = error;
  };
  return { workspace, write, failures, fail, whole: document.getText() };
}

it('tells everything at once where a proof is quick', async () => {
  const { write, whole } = workspaceOf(1);
  expect(await write(whole)).toEqual([[]]);
  expect(await write(whole + test)).toEqual([['AMB5206']]);
  expect(await write(whole.replace('spec:', 'spek:'))).toEqual([[expect.stringMatching(/^AMB1/)]]);
});

it('tells first what needs no proof where one is slow, and goes on showing what the last proof found', async () => {
  const { write, whole } = workspaceOf(500);
  await write(whole);
  expect(await write(whole + test)).toEqual([['AMB5206']]);
  expect(await write(`${whole}${test}#`)).toEqual([['AMB5206']]);
  const [broken] = await write(whole.replace('spec:', 'spek:'));
  expect(broken).toEqual([expect.stringMatching(/^AMB1/)]);
  expect(await write(whole + test)).toEqual([[], ['AMB5206']]);
});

it('goes on after a fault of its own', async () => {
  const { write, whole, failures, fail } = workspaceOf(1);
  fail(new Error('a bug'));
  await write(whole);
  expect(failures).toEqual([new Error('a bug')]);
  fail(undefined);
  expect(await write(whole)).toEqual([[]]);
});

it('reads anew only what a change can concern', async () => {
  const { workspace, write, whole } = workspaceOf(1);
  await write(whole);
  const before = await workspace.projectOf(path);
  workspace.changed('/elsewhere/other.yaml');
  expect(await workspace.projectOf(path)).toBe(before);
  workspace.changed(path);
  expect(await workspace.projectOf(path)).not.toBe(before);
});

it('has a slow proof made beside it, and answers meanwhile from what it knows', async () => {
  const asked: Array<(judged: Judged | undefined) => void> = [];
  const judge: Surroundings['judge'] = () => new Promise((answer) => asked.push(answer));
  const { workspace, write, whole } = workspaceOf(500, judge);
  expect(await write(whole)).toEqual([]);
  const before = await workspace.projectOf(path);
  expect(before?.isWhole).toBe(false);
  expect(await write(whole + test)).toEqual([]);
  expect(asked).toHaveLength(2);
  const [first, second] = asked;
  const found = [diagnostic('no-input', { directory: '.' }, null)];
  first?.({ found, isRefused: false });
  await setTimeout(0);
  expect((await workspace.projectOf(path))?.isWhole).toBe(false);
  second?.({ found, isRefused: false });
  await setTimeout(0);
  expect(await workspace.projectOf(path)).toMatchObject({ found, isWhole: true });
});

it('goes on having a slow proof made beside it when little of it has to be made again', async () => {
  let took = 500;
  const asked: string[] = [];
  const { write, whole } = workspaceOf(
    () => took,
    async (_, edits) => {
      asked.push(...edits.values());
      return { found: [], isRefused: false };
    },
  );
  await write(whole);
  took = 1;
  for (const text of ['# one\n', '# two\n', '# three\n']) await write(whole + text);
  expect(asked).toEqual(['', '# one\n', '# two\n', '# three\n'].map((text) => whole + text));
});
