import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/pipeline.js';
import { goldenCases } from './support/cases.js';
import { sharedDirectory } from './support/shared.js';

const page = readFileSync(new URL('../docs/other-systems.md', import.meta.url), 'utf8');

const answers = page
  .split('\n### ')
  .slice(1)
  .map((text) => ({
    row: text.slice(0, text.indexOf('\n')),
    answer: text.split('\n\n')[1] ?? '',
    example: /^```yaml\n([\s\S]*?)^```$/m.exec(text)?.[1],
  }));

/** Rows that ask nothing of who may call whom. */
const others = [
  'Traffic policies',
  'Intra-cluster',
  'Inter-cluster discovery',
  'Multi-cluster topology view',
  'East-west gateway config',
  'Configuration sync / GitOps',
  'Revision-based upgrades',
  'Metrics collection',
  'Service topology',
  'Traffic analytics',
];

const planes = ['placement/modes-on-sidecars', 'placement/modes-on-ambient'].map((name) => ({
  plane: name.slice('placement/modes-on-'.length),
  manifests: (goldenCases().find((golden) => golden.name === name)?.sources ?? []).filter(
    ({ path }) => !path.endsWith('intents.yaml'),
  ),
}));

describe('what another system says of security', () => {
  it.each(answers)('is said with an example, or not: $row', ({ answer, example }) => {
    expect(answer).toMatch(/^(?:Said so|Not: because)\b/);
    expect(example !== undefined).toBe(answer.startsWith('Said so'));
  });

  const examples = answers.flatMap(({ row, example }) =>
    example === undefined ? [] : planes.map((each) => ({ row, example, ...each })),
  );

  it.each(examples)('is compiled and proved: $row, on $plane', ({ example, manifests }) => {
    const result = compile([...manifests, { path: 'example.yaml', text: example }]);
    expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(result.files.length).toBeGreaterThan(0);
    expect(result.proof?.lanes).toBeGreaterThan(0);
  });

  it('plans waypoints for requests alone', () => {
    const kindsFor = (row: string) =>
      examples
        .filter((each) => each.row === row && each.plane === 'ambient')
        .flatMap(({ manifests, example }) => compile([...manifests, { path: 'example.yaml', text: example }]).manifests)
        .map(({ object }) => object.kind);
    expect(kindsFor('L4 enforcement targeting')).not.toContain('Gateway');
    expect(kindsFor('L7 targeting')).toContain('Gateway');
  });

  const known = join(sharedDirectory, 'facts', 'other-systems.md');

  it.skipIf(!existsSync(known))('is all answered', () => {
    const [, table = ''] = readFileSync(known, 'utf8').split('### 1.9 ');
    const rows = (table.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => /^\| (?!Row )\w/.test(line))
      .map((line) => line.split('|')[1]?.trim());
    expect([...answers.map(({ row }) => row), ...others].sort()).toEqual(rows.sort());
  });
});
