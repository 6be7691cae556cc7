import { expect, it } from 'vitest';
import { partsOf } from '../../src/cli/files/read-log.js';
import { readObservations } from '../../src/suggest/read-observations.js';

const line = (second: number, caller = 'web') =>
  `2026-06-01T10:00:0${second}.000000Z	info	access	connection complete	src.addr=10.0.0.1:4000 src.workload="${caller}-1" src.namespace="shop" src.identity="spiffe://cluster.local/ns/shop/sa/${caller}" dst.addr=10.0.0.2:15008 dst.hbone_addr=10.0.0.2:8080 dst.service="cart.shop.svc.cluster.local" dst.workload="cart-1" dst.namespace="shop" dst.identity="spiffe://cluster.local/ns/shop/sa/cart" direction="inbound"\n`;

const bytesOf = (text: string) => new TextEncoder().encode(text);

it('a log is read in parts of whole lines, and tells the same as in one', () => {
  const text = Array.from({ length: 9 }, (_, index) => line(index, index % 2 === 0 ? 'web' : 'büro')).join('');
  const whole = readObservations([[text]]);
  for (const length of [500, 1000, 2500]) {
    const parts = [...partsOf(bytesOf(text), length)];
    expect(parts.join('')).toBe(text);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.every((part) => part.endsWith('\n'))).toBe(true);
    expect(readObservations([parts])).toEqual(whole);
  }
  expect([...partsOf(bytesOf('abcdef'), 4)]).toEqual(['abcd', 'ef']);
});

it('lines that tell the same are one observation, with the first and the last time', () => {
  const { all, lines } = readObservations([[line(3), line(1), line(2)]]);
  expect(lines).toBe(3);
  expect(all).toMatchObject([{ count: 3, since: '2026-06-01T10:00:01.000000Z', time: '2026-06-01T10:00:03.000000Z' }]);
});

it('a line that is no text is of no known form, and the others count', () => {
  const broken = bytesOf(line(1)).map((byte, index) => (index === 150 ? 0xff : byte));
  const bytes = Uint8Array.from([...bytesOf(line(0)), ...broken, ...bytesOf(line(2))]);
  const { all, unknown } = readObservations([partsOf(bytes, 1 << 20)]);
  expect(unknown).toBe(1);
  expect(all).toMatchObject([{ count: 2 }]);
});
