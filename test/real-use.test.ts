import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/pipeline.js';
import { goldenCases } from './support/cases.js';
import { leastShare } from './support/docs/public-shares.js';
import { counted, publicUse } from './support/docs/public-use.js';
import { leavesOf } from './support/leaves.js';
import { sharedDirectory } from './support/shared.js';

describe('traffic that public documents ask for', () => {
  const objects = goldenCases()
    .filter(({ name }) => name.startsWith('traffic/'))
    .flatMap(({ sources, options }) => compile(sources, { ...options, verify: false }).manifests)
    .map(({ object }) => ({ kind: object.kind, leaves: leavesOf(object) }));

  it.each(Object.entries(publicUse))('is written for an intent: %s', (name, { form }) => {
    const kind = name.slice(0, name.indexOf(':'));
    const isWritten = objects.some((each) => each.kind === kind && form && each.leaves.some((leaf) => form.test(leaf)));
    expect(isWritten).toBe(form !== undefined);
  });

  it('can be said in at least 90 of 100 documents', () => {
    expect(leastShare(counted, publicUse)).toBeGreaterThanOrEqual(90);
  });

  const figures = join(sharedDirectory, 'facts', 'real-use.md');

  it.skipIf(!existsSync(figures))('is all known here, with how many documents do it', () => {
    const [, table = ''] = readFileSync(figures, 'utf8').split('## Traffic features');
    const rows = (table.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => /^\| [A-Z]/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, kind, feature, documents = '']) => [`${kind}: ${feature}`, documents.split(', ').map(Number)]);
    expect(rows).toEqual(Object.entries(publicUse).map(([name, { documents }]) => [name, documents]));
  });

  it.skipIf(!existsSync(figures))('was counted over as many documents as are said', () => {
    const [first = ''] = readFileSync(figures, 'utf8').split('\n## ');
    for (const [kind, documents] of Object.entries(counted)) {
      const inWords = `${documents} ${kind.replace(/y$/, 'ie')}s`;
      expect(first).toContain(inWords);
    }
  });
});
