import { expect, it } from 'vitest';
import { bit } from '../../src/algebra/bits.js';
import { type Edge, meetings, type Node } from '../../src/algebra/edges.js';
import { fc } from '../support/fast-check.js';

const nodes: readonly Node[] = Array.from({ length: 200 }, (_, id) => ({ id, level: 1, edges: [] }));
const childrenOf = (edges: readonly Edge[], atom: number) => edges.filter(({ bits }) => (bits & bit(atom)) !== 0n);
const count = 200;

/** Each atom leads to one of some nodes, or nowhere. */
const edgesOver = (ways: number) =>
  fc.array(fc.integer({ min: -1, max: ways - 1 }), { minLength: count, maxLength: count }).map((leads) =>
    nodes.slice(0, ways).flatMap((child, index): Edge[] => {
      const bits = leads.reduce((all, way, atom) => (way === index ? all | bit(atom) : all), 0n);
      return bits === 0n ? [] : [{ bits, child }];
    }),
  );

it.each([
  ['few', 5],
  ['many', 150],
])('says of each atom where it leads from both nodes, of %s edges', (_, ways) => {
  fc.assert(
    fc.property(edgesOver(ways), edgesOver(ways), (left, right) => {
      const found = meetings(left, right);
      for (let atom = 0; atom < count; atom++) {
        const [ours] = childrenOf(left, atom);
        const [theirs] = childrenOf(right, atom);
        const met = found.filter(({ bits }) => (bits & bit(atom)) !== 0n);
        const expected = ours || theirs ? [{ ours: ours?.child, theirs: theirs?.child }] : [];
        expect(met.map((meeting) => ({ ours: meeting.ours, theirs: meeting.theirs }))).toEqual(expected);
      }
    }),
    { numRuns: 20 },
  );
});
