import { describe, expect, it } from 'vitest';
import { contains, formatAddress, parseAddress, parseBlock } from '../../src/mesh/ip.js';
import { fc } from '../support/fast-check.js';

describe('addresses', () => {
  it.each([
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '::1::',
    'fe80:::',
    '1.2.3.4/33',
    '::/129',
    '1:2:3:4:5:6:7:8:9',
    '',
    '10.0.0.0/08',
    '::/007',
  ])('refuses %s', (text) => expect(parseBlock(text)).toBeUndefined());

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['fd00::/8', 'fdff::1', true],
    ['10.1.2.3', '::ffff:10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '10.0.0.1', false],
    ['::ffff:10.1.2.3', '10.1.2.3', false],
    ['::/0', '10.1.2.3', false],
  ])('%s holds %s: %s', (block, address, expected) => {
    const [range, value] = [parseBlock(block), parseAddress(address)];
    expect(range && value && contains(range, value)).toBe(expected);
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (value) => {
        const address = value < 1n << 32n ? { bits: 32 as const, value } : { bits: 128 as const, value };
        if (value >> 32n !== 0xffffn) expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });
});
