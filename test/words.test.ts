import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from './support/cases.js';
import { unusedWords } from './support/unused-words.js';

const root = new URL('../', import.meta.url).pathname;
const pages = readdirSync(root).filter((name) => name.endsWith('.md'));
const folders = ['src', 'docs', 'schemas', 'examples'].flatMap((name) => filesBelow(join(root, name)));
const texts = [...pages.map((name) => join(root, name)), ...folders].filter((path) =>
  /\.(?:ts|md|json|ya?ml)$/.test(path),
);

it.each(unusedWords)('nothing is called %s', (word) => {
  const found = texts.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => (word.test(line) ? [`${relative(root, path)}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
