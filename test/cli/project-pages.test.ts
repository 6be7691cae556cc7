import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { project } from '../../src/diagnostics/catalogue/project.js';

it.each(Object.values(project).map(({ code }) => code))('has a page for %s', (code) => {
  const page = readFileSync(`docs/diagnostics/${code}.md`, 'utf8');
  expect(page).toMatch(new RegExp(`^# ${code}: .+\\n`));
  expect(page.match(/^## .*$/gm)).toEqual(['## What', '## Why it matters', '## Wrong', '## Right']);
});

it('orders its codes and uses none twice', () => {
  const codes = Object.values(project).map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort());
});
