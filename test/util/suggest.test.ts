import { expect, it } from 'vitest';
import { nearNames } from '../../src/resolve/names.js';
import { didYouMean, suggest } from '../../src/util/suggest.js';

it('offers near names, the nearest first, and what differs in case alone', () => {
  expect(suggest('legder', ['orders', 'ledgers', 'ledger'])).toEqual(['ledger', 'ledgers']);
  expect(suggest('strict', ['Strict', 'Permissive'])).toEqual(['Strict']);
  expect(suggest('ledger', ['frontend'])).toEqual([]);
});

it('never offers what was refused', () => {
  expect(suggest('metrics', ['metrics', 'metric'])).toEqual(['metric']);
  expect(didYouMean(suggest('metrics', ['metrics']))).toEqual({});
  expect(nearNames('shop/web', ['shop/web'])).toEqual({});
  expect(nearNames('shop/web', ['shop/web', 'edge/web'])).toEqual({ help: 'did you mean `edge/web`?' });
});
