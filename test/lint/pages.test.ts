import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { networkPolicyLint } from '../../src/diagnostics/catalogue/network-policies.js';
import { policyLint } from '../../src/diagnostics/catalogue/policy-lint.js';
import { routeLint } from '../../src/diagnostics/catalogue/route-lint.js';
import { lintWith } from './shop.js';

const folder = new URL('../../docs/diagnostics/', import.meta.url);
const entries = [...Object.values(policyLint), ...Object.values(routeLint)];
/** What tests of policies say of their own text is no finding about manifests. */
const findings = entries.filter(({ severity }) => severity !== 'error').map(({ code }) => code);

function example(code: string, section: 'Wrong' | 'Right'): string {
  const [, after = ''] = readFileSync(new URL(`${code}.md`, folder), 'utf8').split(`## ${section}\n`);
  return /```yaml\n([\s\S]*?)```/.exec(after)?.[1] ?? '';
}

test('the mesh of the examples is sound without them', () => {
  expect(lintWith('')).toEqual([]);
});

test.each(findings)('%s: the wrong example of its page yields it alone, the right one yields nothing', (code) => {
  const found = lintWith(example(code, 'Wrong')).map((finding) => finding.code);
  // An EnvoyFilter is always a doubt, whatever else is to be said of it.
  const alone = found.filter((other) => other === code || other !== 'AMB5353');
  expect([...new Set(alone)]).toEqual([code]);
  expect(example(code, 'Right')).not.toBe('');
  expect(lintWith(example(code, 'Right')).map(({ code: found, witness }) => [found, witness])).toEqual([]);
});

test('no page of a finding is without its code', () => {
  const all = [...entries, ...Object.values(networkPolicyLint)];
  expect(readdirSync(folder).filter((name) => /^AMB5[34]/.test(name))).toEqual(all.map(({ code }) => `${code}.md`));
});
