import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from '../support/cases.js';
import { importFrom, textsOf } from './adopting.js';

const root = new URL('../../', import.meta.url).pathname;

// The page is mended by hand: what is expected here stands in it.
it('docs/adopting.md shows the intents of examples/adopting in full', () => {
  const paths = filesBelow(join(root, 'examples/adopting/manifests'));
  const texts = textsOf(importFrom(paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }))));
  const [, shown] = /```yaml\n(.*?)```/s.exec(readFileSync(join(root, 'docs/adopting.md'), 'utf8')) ?? [];
  expect(shown).toBe(['mesh.yaml', 'bookshop.yaml', 'ingress.yaml'].map((path) => texts[path]).join('---\n'));
});

it('docs/adopting.md counts the lines of both, and intents are the shorter text', () => {
  const page = readFileSync(join(root, 'docs/adopting.md'), 'utf8');
  const [, objects, before, after] = /(\d+) objects of (\d+) lines,\nbecome these (\d+) lines/.exec(page) ?? [];
  const [, shown = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const manifests = join(root, 'examples/adopting/manifests');
  const texts = filesBelow(manifests).flatMap((path) => readFileSync(path, 'utf8').split('---\n'));
  const replaced = texts.filter((text) => /^kind: (\w+Policy|\w+Authentication|HTTPRoute)$/m.test(text));
  expect([objects, before].map(Number)).toEqual([replaced.length, linesOf(replaced.join('\n'))]);
  expect(Number(after)).toBe(linesOf(shown));
  expect(Number(after)).toBeLessThan(Number(before) / 2);
});

/** Lines that say something. */
function linesOf(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '' && line !== '---').length;
}
