import { readdirSync, readFileSync } from 'node:fs';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { markdownToText } from '../../src/report/markdown/terminal.js';

const plain = new Chalk({ level: 0 });
const coloured = new Chalk({ level: 1 });
const shown = (markdown: string, columns = 40) => markdownToText(markdown, { pen: plain, columns });

it('sets headings against the text, and wraps the text at blanks', () => {
  expect(shown('# AMB0001: a title\n\n## What\n\nOne line\nthat was wrapped elsewhere, and goes on here.\n')).toBe(
    'AMB0001: a title\n\nWhat\n\n  One line that was wrapped elsewhere,\n  and goes on here.\n',
  );
});

it('never breaks a word, nor code without blanks', () => {
  expect(shown('see `gateway.networking.k8s.io/gateway-name` there', 20)).toBe(
    '  see\n  `gateway.networking.k8s.io/gateway-name`\n  there\n',
  );
});

it('leaves code as it is, even what looks like a heading', () => {
  expect(shown('```yaml\n# a comment that is longer than the forty columns of it\n\nkind: Mesh\n```\n')).toBe(
    '    # a comment that is longer than the forty columns of it\n\n    kind: Mesh\n',
  );
});

it('hangs the later lines of an item below its text', () => {
  expect(shown('- one item that needs more\n  than a line\n- another', 20)).toBe(
    '  - one item that\n    needs more than\n    a line\n  - another\n',
  );
});

it('begins a list right behind its sentence', () => {
  expect(shown('Two things:\n- one\n- two\n')).toBe('  Two things:\n\n  - one\n  - two\n');
});

it('shows a table in columns where they fit, and as a list where they do not', () => {
  const table = '| From | To |\n| --- | --- |\n| sidecar | a pod of ambient |\n';
  expect(shown(table)).toBe('  From     To\n  sidecar  a pod of ambient\n');
  expect(shown(table, 22)).toBe('  sidecar\n    - To: a pod of\n      ambient\n');
});

it('says without colour what is code, and with colour paints it', () => {
  const text = 'the **law** of `W-13`, [read](https://example.com)';
  expect(shown(text)).toBe('  the law of `W-13`, read\n');
  expect(markdownToText(text, { pen: coloured, columns: 40 })).toBe(
    `  the ${coloured.bold('law')} of ${coloured.cyan('W-13')}, read\n`,
  );
});

describe('every page of a diagnostic', () => {
  const pages = readdirSync('docs/diagnostics').filter((name) => name.startsWith('AMB'));
  const wordsOf = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

  it.each(pages)('%s is shown without losing a word, in the columns that there are', (name) => {
    const markdown = readFileSync(`docs/diagnostics/${name}`, 'utf8');
    expect(wordsOf(shown(markdown, 200))).toEqual(
      wordsOf(markdown.replace(/^```\w*$/gm, '').replace(/\]\([^)]*\)/g, '')),
    );
    const prose = shown(markdown, 60)
      .split('\n')
      .filter((line) => !line.startsWith('    '));
    expect(prose.filter((line) => line.length > 60 && line.trim().includes(' '))).toEqual([]);
  });
});
