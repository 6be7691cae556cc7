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
