import { expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.js';
import { diagnostic } from '../../src/diagnostics/create.js';
import type { Severity } from '../../src/diagnostics/entry.js';

const said = (code: string, severity: Severity = 'error') => ({
  ...diagnostic('usage', { problem: 'x' }, null),
  code,
  severity,
});

it.each([
  ['nothing', [], 0],
  ['a warning', [said('AMB1001', 'warning')], 0],
  ['a warning of placement', [said('AMB3001', 'warning')], 0],
  ['invalid input', [said('AMB1001')], 2],
  ['a refusal', [said('AMB3001'), said('AMB1001', 'warning')], 3],
  ['a refusal beside invalid input', [said('AMB3001'), said('AMB1001')], 2],
])('answers %s', (_, diagnostics, expected) => {
  expect(exitCodeOf(diagnostics)).toBe(expected);
});

it('answers no to a warning that is denied, and keeps the answer of an error', () => {
  expect(exitCodeOf([said('AMB1001', 'warning')], true)).toBe(1);
  expect(exitCodeOf([said('AMB1001', 'info')], true)).toBe(0);
  expect(exitCodeOf([said('AMB3001'), said('AMB1001', 'warning')], true)).toBe(3);
});

it('answers no to an output that changes what nobody spoke of', () => {
  const parameters = { place: '`shop/web`', verb: 'no longer let through', requests: 'anything' };
  expect(exitCodeOf([diagnostic('changes-unmentioned-workload', parameters, null)])).toBe(1);
});
