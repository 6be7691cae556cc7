import type { Literal, Searcher } from './machine.js';
import { trieOf } from './trie.js';

/**
 * Looks for whole texts and for beginnings, all in one tree. A state is a node of it; off the tree, it is the last
 * beginning that was passed, counted on from the number of nodes.
 */
export function literalMachine(wholes: readonly Literal[], beginnings: readonly Literal[]): Searcher {
  const trie = trieOf([...wholes, ...beginnings].map(({ text }) => text));
  const { size } = trie;
  const whole = trie.indexesAt(wholes);
  const beginning = trie.indexesAt(beginnings);
  // Of each node, the nearest at which a beginning ends, itself or one before it, and all that end on the way there.
  const last: number[] = [];
  const passed: Array<readonly number[]> = [];
  for (let node = 0; node < size; node++) {
    const before = node === 0 ? [] : (passed[trie.parentOf(node)] ?? []);
    const own = beginning.get(node);
    last.push(own === undefined ? (last[trie.parentOf(node)] ?? 0) : node);
    passed.push(own === undefined ? before : [...before, ...own]);
  }
  return {
    step: (state, character) => {
      if (state >= size) return state;
      return trie.childOf(state, character) ?? size + (last[state] ?? 0);
    },
    specials: (state) => (state < size ? trie.charactersAfter(state) : []),
    found: (state) => (state >= size || whole.has(state) ? state : size + (last[state] ?? 0)),
    matchers: (found) => [...(whole.get(found) ?? []), ...(passed[found % size] ?? [])],
  };
}
