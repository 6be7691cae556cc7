import type { Literal, Searcher } from './machine.js';
import { type Trie, trieOf } from './trie.js';

/**
 * Looks for all endings at once (Aho and Corasick): a state is the longest beginning of an ending on which the text so
 * far ends.
 */
export function suffixMachine(endings: readonly Literal[]): Searcher {
  const trie = trieOf(endings.map(({ text }) => text));
  const ending = trie.indexesAt(endings);
  const shorter = shorterOf(trie);
  const step = (state: number, character: string): number => {
    let from = state;
    for (;;) {
      const next = trie.childOf(from, character);
      if (next !== undefined) return next;
      if (from === 0) return 0;
      from = shorter[from] ?? 0;
    }
  };
  const found = (state: number): number => {
    let node = state;
    while (node !== 0 && !ending.has(node)) node = shorter[node] ?? 0;
    return node;
  };
  const specials = (state: number): readonly string[] =>
    state === 0 ? trie.charactersAfter(0) : [...trie.charactersAfter(state), ...specials(shorter[state] ?? 0)];
  const matchers = (node: number): readonly number[] => {
    const own = ending.get(node) ?? [];
    return node === 0 ? own : [...own, ...matchers(found(shorter[node] ?? 0))];
  };
  return { step, specials, found, matchers };
}

/** Of each node, the longest shorter one on which its text ends. */
function shorterOf(trie: Trie): readonly number[] {
  const shorter: number[] = new Array(trie.size).fill(0);
  const queue = [0];
  for (const node of queue) {
    for (const character of trie.charactersAfter(node)) {
      const child = trie.childOf(node, character) ?? 0;
      queue.push(child);
      if (node === 0) continue;
      let from = shorter[node] ?? 0;
      while (from !== 0 && trie.childOf(from, character) === undefined) from = shorter[from] ?? 0;
      shorter[child] = trie.childOf(from, character) ?? 0;
    }
  }
  return shorter;
}
