import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtAmbit } from '../support/built-ambit.js';
import { Editor, uriOf } from '../support/editor.js';

const { scratch, ambit } = builtAmbit();
const project = join(scratch, 'mesh');
const editor = new Editor(ambit);
/** Of the namespaces that have rules by names of Services one; the bench writes the same each time. */
const intents = join(project, 'intents', 'data-15.yaml');

beforeAll(async () => {
  const [{ generateProject, writeProject }, { sizeOf }] = await Promise.all([
    import(new URL('../../bench/generate.mjs', import.meta.url).href),
    import(new URL('../../bench/sizes.mjs', import.meta.url).href),
  ]);
  writeProject(generateProject(sizeOf('medium')), project);
  await editor.start([project]);
});

afterAll(() => {
  editor.kill();
  rmSync(scratch, { recursive: true, force: true });
});

it('tells of a slow project what holds for the last text, however fast it was written', async () => {
  const text = readFileSync(intents, 'utf8');
  const faulty = (edit: number) => `${text}---
apiVersion: ambit.dev/v1alpha1
kind: AccessTest
metadata: { name: edit-${edit} }
spec:
  cases:
    - { expect: allow, from: outside, to: "data-15/orders:http" }
`;
  expect((await editor.open(intents)).diagnostics).toMatchObject([{ code: 'AMB3019' }]);
  const edits = Array.from({ length: 8 }, (_, index) => index);
  const writing = edits.map(async (edit) => {
    await setTimeout(edit * 300);
    editor.write(intents, () => faulty(edit));
  });
  await Promise.all(writing);
  const last = await editor.write(intents, () => faulty(8));
  expect(JSON.stringify(last.diagnostics)).toContain('edit-8');
  const mended = await editor.write(intents, () => text);
  expect(mended.diagnostics).toMatchObject([{ code: 'AMB3019' }]);
  const of = editor.told.filter(({ uri }) => uri === uriOf(intents));
  for (const { version, diagnostics } of of) {
    const named = /edit-(\d)/.exec(JSON.stringify(diagnostics))?.[1];
    if (named !== undefined) expect(version).toBe((last.version ?? 0) - 8 + Number(named));
  }
});
