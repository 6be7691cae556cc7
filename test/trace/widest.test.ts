import { expect, it } from 'vitest';
import { equals, fullSet, intersect, type RequestSet } from '../../src/algebra/request-set.js';
import { widest } from '../../src/trace/matrix/widest.js';

const shape = { sizes: [3, 3, 2] };
const set = (...boxes: ReadonlyArray<readonly bigint[]>): RequestSet => ({ shape, boxes });
const everything = fullSet(shape);

it.each([
  [
    'boxes that overlap are told by their widest',
    set([1n, 7n, 3n], [6n, 1n, 3n]),
    everything,
    set([1n, 7n, 3n], [7n, 1n, 3n]),
  ],
  ['what cannot be sent is counted in', set([1n, 1n, 3n], [2n, 2n, 3n]), set([1n, 1n, 3n], [2n, 2n, 3n]), everything],
  [
    'what the others have already is left out',
    set([1n, 1n, 3n], [6n, 7n, 1n], [7n, 1n, 1n]),
    everything,
    set([1n, 1n, 3n], [6n, 7n, 1n]),
  ],
  ['nothing stays nothing', set(), everything, set()],
])('%s', (_, given, real, expected) => {
  const told = widest(given, real);
  expect(equals(intersect(told, real), intersect(given, real))).toBe(true);
  expect(told.boxes).toEqual(expected.boxes);
});
