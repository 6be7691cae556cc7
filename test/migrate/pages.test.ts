import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrating } from '../../src/diagnostics/catalogue/migrating.js';
import { gapDiagnostic } from '../../src/migrate/plan/gaps.js';
import { makePlan } from '../../src/migrate/plan/plan.js';
import { type Target, targets } from '../../src/migrate/states/labels-of-state.js';
import { statusOf } from '../../src/migrate/status/status.js';
import { checkWith } from './shop.js';

const folder = new URL('../../docs/diagnostics/', import.meta.url);
const blockers = Object.entries(migrating)
  .filter(([name]) => name.startsWith('migrate-'))
  .map(([name, { code }]): readonly [string, Target] => [
    code,
    name.startsWith('migrate-back-') ? 'sidecar' : 'ambient',
  ]);

function example(code: string, section: 'Wrong' | 'Right'): string {
  const [, after = ''] = readFileSync(new URL(`${code}.md`, folder), 'utf8').split(`## ${section}\n`);
  return /```yaml\n([\s\S]*?)```/.exec(after)?.[1] ?? '';
}

test.each(targets)('nothing keeps the mesh of the examples from moving to %s', (target) => {
  const { diagnostics, moving } = checkWith('', [], target);
  expect(diagnostics).toEqual([]);
  expect(moving.map(({ name }) => name)).toEqual(['api', 'web']);
});

test.each(blockers)(
  '%s: the wrong example of its page yields it alone, the right one yields nothing',
  (code, target) => {
    const found = checkWith(example(code, 'Wrong'), [], target).diagnostics;
    expect([...new Set(found.map((finding) => finding.code))]).toEqual([code]);
    expect(found.every(({ span }) => span !== null)).toBe(true);
    expect(example(code, 'Right')).not.toBe('');
    expect(checkWith(example(code, 'Right'), [], target).diagnostics.map((finding) => finding.message)).toEqual([]);
  },
);

test('what is in other namespaces than those that move is not told', () => {
  const wrong = example('AMB7106', 'Wrong');
  expect(checkWith(wrong, ['shop']).diagnostics.map(({ code }) => code)).toEqual(['AMB7106']);
  expect(checkWith(wrong, ['elsewhere']).diagnostics).toEqual([]);
});

const today = '2026-06-01';

/** Of these codes a page shows a whole project or dump. */
const onTheWay: readonly (readonly [string, (text: string) => readonly string[]])[] = [
  ['AMB7131', foundOnTheWay],
  ['AMB7132', foundOnTheWay],
  ['AMB7133', foundOnTheWay],
  ['AMB7134', foundOnTheWay],
  ['AMB7136', foundInDump],
  ['AMB7137', foundInDump],
];

function foundOnTheWay(text: string): readonly string[] {
  const { value, diagnostics } = makePlan([{ path: 'shop.yaml', text }], { target: 'ambient', namespaces: [], today });
  const inForce = new Set(value?.before.acceptances.map(({ what }) => what));
  const found = [...diagnostics, ...(value?.gaps.map(gapDiagnostic) ?? [])];
  return found.filter(({ code }) => !inForce.has(code)).map(({ code }) => code);
}

function foundInDump(text: string): readonly string[] {
  return statusOf([{ path: 'dump.yaml', text }], { target: 'ambient', today }).diagnostics.map(({ code }) => code);
}

test.each(onTheWay)('%s: so do its examples where a plan or a dump is meant', (code, found) => {
  expect([...new Set(found(example(code, 'Wrong')))]).toEqual([code]);
  expect(example(code, 'Right')).not.toBe('');
  expect(found(example(code, 'Right'))).toEqual([]);
});
