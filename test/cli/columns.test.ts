import { expect, it } from 'vitest';
import { columnsOf } from '../../src/cli/columns.js';

const stream = (isTerminal: boolean, columns?: number) => ({ isTerminal, columns, write: () => {} });

it.each([
  ['a terminal as it is', {}, stream(true, 80), 80],
  ['a wide terminal up to what can be read', {}, stream(true, 240), 120],
  ['a terminal that does not know its width', {}, stream(true, 0), 100],
  ['a pipe', {}, stream(false), 100],
  ['COLUMNS first', { COLUMNS: '60' }, stream(true, 80), 60],
  ['COLUMNS as wide as it says', { COLUMNS: '300' }, stream(false), 300],
  ['COLUMNS only where it is a number', { COLUMNS: 'many' }, stream(true, 80), 80],
  ['nothing narrower than can be laid out', { COLUMNS: '3' }, stream(true, 80), 40],
] as const)('takes %s', (_, environment, output, columns) => {
  expect(columnsOf({ environment }, output)).toBe(columns);
});
