import { groupBy } from '../../util/order.js';
import type { Literal } from './machine.js';

/** A tree of texts. Its nodes are the beginnings of these, by their numbers: 0 is the empty one, and parents come first. */
export interface Trie {
  readonly size: number;
  parentOf(node: number): number;
  childOf(node: number, character: string): number | undefined;
  charactersAfter(node: number): readonly string[];
  /** By the node at which they end, whose literals end there. */
  indexesAt(literals: readonly Literal[]): ReadonlyMap<number, readonly number[]>;
}

interface TrieNode {
  readonly parent: number;
  readonly character: string;
  readonly children: Map<string, number>;
}

export function trieOf(texts: readonly string[]): Trie {
  const nodes: TrieNode[] = [{ parent: 0, character: '', children: new Map() }];
  const childOf = (node: number, character: string) => nodes[node]?.children.get(character);
  const addChild = (parent: number, character: string) => {
    nodes[parent]?.children.set(character, nodes.length);
    return nodes.push({ parent, character, children: new Map() }) - 1;
  };
  for (const text of texts) {
    let node = 0;
    for (const character of text) node = childOf(node, character) ?? addChild(node, character);
  }
  const nodeOf = (text: string) => Array.from(text).reduce((node, character) => childOf(node, character) ?? 0, 0);
  return {
    size: nodes.length,
    parentOf: (node) => nodes[node]?.parent ?? 0,
    childOf,
    charactersAfter: (node) => [...(nodes[node]?.children.keys() ?? [])],
    indexesAt: (literals) => {
      const groups = groupBy(literals, ({ text }) => nodeOf(text));
      return new Map([...groups].map(([node, group]) => [node, group.map(({ index }) => index)]));
    },
  };
}
