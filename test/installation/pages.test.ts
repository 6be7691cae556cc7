import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '../../src/pipeline.js';

const codes = ['1060', '1061', '1062', '1063', '1064', '1065', '1066', '1067'].map((number) => `AMB${number}`);

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
