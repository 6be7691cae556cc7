import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { topology } from '../../src/diagnostics/catalogue/topology.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { judged, present } from './support/topology.js';

const folder = new URL('../../docs/diagnostics/', import.meta.url);

function page(code: string): string {
  return readFileSync(new URL(`${code}.md`, folder), 'utf8');
}

function example(code: string, section: 'Wrong' | 'Right'): string {
  const [, after] = page(code).split(`## ${section}\n`);
  const [, block] = /```yaml\n([\s\S]*?)```/.exec(present(after)) ?? [];
  return present(block);
}

function codesIn(text: string): readonly string[] {
  const { mesh, objects } = parseSources([{ path: 'page.yaml', text }]).value;
  return judged(mesh, objects).diagnostics.map(({ code }) => code);
}

describe('every code of the topology has a page whose examples are true', () => {
  const codes = Object.values(topology).map(({ code }) => code);

  test.each(codes)('%s: the wrong example yields it, the right one yields nothing', (code) => {
    expect(codesIn(example(code, 'Wrong'))).toContain(code);
    expect(codesIn(example(code, 'Right'))).toEqual([]);
  });

  test.each(codes)('%s: the page has its sections in order', (code) => {
    const headings = page(code)
      .match(/^#.*$/gm)
      ?.map((line) => line.replace(/: .*/, ''));
    expect(headings).toEqual([`# ${code}`, '## What', '## Why it matters', '## Wrong', '## Right']);
  });

  test('no page is without its code', () => {
    const pages = readdirSync(folder).filter((name) => name.startsWith('AMB25'));
    expect(pages.sort()).toEqual(codes.map((code) => `${code}.md`));
  });
});
