import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/pipeline.js';
import { goldenCases } from './support/cases.js';
import { countedSecurity, publicSecurityUse } from './support/docs/public-security-use.js';
import { leastShare, sharesTable } from './support/docs/public-shares.js';
import { leavesOf } from './support/leaves.js';
import { sharedDirectory } from './support/shared.js';

describe('security that public documents ask for', () => {
  const objects = goldenCases()
    .filter(({ name }) => /^(?:placement|tokens|mtls)\//.test(name))
    .flatMap(({ sources, options }) => compile(sources, { ...options, verify: false }).manifests)
    .map(({ object }) => ({ kind: object.kind, leaves: leavesOf(object) }));

  it.each(Object.entries(publicSecurityUse))('is written for an intent: %s', (name, { form }) => {
    const [kind] = name.split(/[: ]/);
    const isWritten = objects.some((each) => each.kind === kind && form && each.leaves.some((leaf) => form.test(leaf)));
    expect(isWritten).toBe(form !== undefined);
  });

  it('can be said in at least 95 of 100 documents, as docs/verification.md tells', () => {
    expect(leastShare(countedSecurity, publicSecurityUse)).toBeGreaterThanOrEqual(95);
    const page = readFileSync(join('docs', 'verification.md'), 'utf8');
    expect(page).toContain(sharesTable(countedSecurity, publicSecurityUse));
  });

  const figures = join(sharedDirectory, 'facts', 'real-use.md');

  it.skipIf(!existsSync(figures))('is all known here, with how many documents do it', () => {
    const [, table = ''] = readFileSync(figures, 'utf8').split('## Security features');
    const rows = (table.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => /^\| [A-Z]/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, kind, feature, documents = '']) => [
        `${kind}: ${feature}`,
        Number(documents) ? [Number(documents)] : [],
      ]);
    expect(rows).toEqual(Object.entries(publicSecurityUse).map(([name, { documents }]) => [name, documents]));
  });
});
