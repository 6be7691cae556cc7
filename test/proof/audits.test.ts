import { describe, expect, it } from 'vitest';
import { compile, verify } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';

const cases = goldenCases().filter(({ name }) => /^placement\/audit-/.test(name));

const mutations: ReadonlyArray<{ readonly what: string; readonly change: (text: string) => string }> = [
  { what: 'a caller is another one', change: (text) => text.replace('ops/admin', 'web/shop') },
  { what: 'a method is not marked', change: (text) => text.replace('        - DELETE\n', '') },
  { what: 'what is excepted is marked', change: (text) => text.replace(/ {8}notPaths:\n.*\n/, '') },
  { what: 'something else is excepted', change: (text) => text.replace('/drafts/*', '/d*') },
  {
    what: 'nothing is marked',
    change: (text) => text.replace('action: AUDIT', 'action: DENY').replace(/ {2}rules:[\s\S]*/, ''),
  },
  { what: 'another port is meant', change: (text) => text.replace(/- "80(?:80)?"/, '- "9999"') },
];

describe.each(cases)('$name', ({ sources, options }) => {
  const { files } = compile(sources, options);
  const codesOf = (change: (text: string) => string) => {
    const applied = files.map((file) =>
      file.path.includes('.catalog-audit') ? { ...file, text: change(file.text) } : file,
    );
    return verify(sources, { ...options, applied }).diagnostics.map(({ code }) => code);
  };

  it('is proved', () => {
    expect(files.some(({ text }) => text.includes('action: AUDIT'))).toBe(true);
    expect(codesOf((text) => text)).not.toContain('AMB3139');
  });

  it.each(mutations)('is told from policies by which $what', ({ change }) => {
    expect(codesOf(change)).toContain('AMB3139');
  });
});
