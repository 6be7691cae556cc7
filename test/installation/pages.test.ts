import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '../../src/pipeline.js';

const codes = ['AMB1060', 'AMB1061', 'AMB1062', 'AMB1063', 'AMB1064', 'AMB1065', 'AMB1066', 'AMB1067'];

function example(code: string, section: 'Wrong' | 'Right'): string {
  const page = readFileSync(new URL(`../../docs/diagnostics/${code}.md`, import.meta.url), 'utf8');
  return /```yaml\n([\s\S]*?)```/.exec(page.split(`## ${section}\n`)[1] ?? '')?.[1] ?? '';
}

function codesIn(text: string): readonly string[] {
  const { diagnostics } = compile([{ path: 'page.yaml', text }], { today: '2026-06-01' });
  return diagnostics.map(({ code }) => code).filter((code) => code !== 'AMB2036');
}

test.each(codes)('%s: the wrong example yields it alone, the right one nothing', (code) => {
  expect(codesIn(example(code, 'Wrong'))).toEqual([code]);
  expect(codesIn(example(code, 'Right'))).toEqual([]);
});
