import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsing } from '../../src/diagnostics/catalogue/parsing.js';
import { readObjects } from '../../src/parse/read-objects.js';
import { readYaml } from '../../src/parse/read-yaml.js';

/** The example below a heading, if it is YAML: a file that is too large is only described. */
function example(page: string, heading: 'Wrong' | 'Right'): string | undefined {
  return new RegExp(`^## ${heading}\\n\\n\`\`\`yaml\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1];
}

function codesOf(text: string, code: string): string[] {
  const isOfManifests = ['AMB1004', 'AMB1030', 'AMB1031'].includes(code);
  const { value, diagnostics } = readYaml({ path: 'a.yaml', text }, isOfManifests ? 'manifest' : 'intent');
  const fromObjects = code >= 'AMB1030' ? readObjects(value).diagnostics : [];
  return [...diagnostics, ...fromObjects].map((found) => found.code);
}

describe.each(Object.values(parsing))('$code', ({ code }) => {
  const page = readFileSync(new URL(`../../docs/diagnostics/${code}.md`, import.meta.url), 'utf8');
  const wrong = example(page, 'Wrong');
  const right = example(page, 'Right');

  it('has a page with its sections in order', () => {
    expect(page.match(/^#+ .*$/gm)).toEqual([
      expect.stringContaining(`# ${code}: `),
      ...['## What', '## Why it matters', '## Wrong', '## Right'],
    ]);
  });

  it.runIf(wrong !== undefined)('is yielded by the wrong example alone', () => {
    expect(codesOf(wrong ?? '', code)).toEqual([code]);
  });

  it.runIf(right !== undefined)('is mended by the right example', () => {
    expect(codesOf(right ?? '', code)).toEqual([]);
  });
});
