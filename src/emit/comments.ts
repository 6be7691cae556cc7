import type { JsonValue } from '../parse/document.js';
import { assert } from '../util/assert.js';
import type { Manifest } from './manifest.js';

/** The comments of a value: its own lines, and those of the values in it. */
export interface CommentTree {
  readonly lines: readonly string[];
  readonly children: ReadonlyMap<string | number, CommentTree>;
}

interface MutableTree {
  readonly lines: string[];
  readonly children: Map<string | number, MutableTree>;
}

/** Hangs each comment on the value at its path. A path that leads nowhere would lose provenance: it is a bug. */
export function plantComments(root: JsonValue, comments: Manifest['comments']): CommentTree | undefined {
  if (comments.length === 0) return undefined;
  const tree: MutableTree = { lines: [], children: new Map() };
  for (const { path, lines } of comments) {
    assert(leadsSomewhere(root, path), `no value at ${path.join('.')} to put a comment above`);
    branchAt(tree, path).lines.push(...lines);
  }
  return tree;
}

/** One comment line. What any YAML reader takes as the end of a line becomes a space: text after it would be content. */
export function printComment(text: string): string {
  const safe = text.replace(/[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Surrogate}]/gu, ' ').trimEnd();
  return safe === '' ? '#' : `# ${safe}`;
}

function branchAt(tree: MutableTree, path: Manifest['comments'][number]['path']): MutableTree {
  let branch = tree;
  for (const segment of path) {
    const next = branch.children.get(segment) ?? { lines: [], children: new Map() };
    branch.children.set(segment, next);
    branch = next;
  }
  return branch;
}

function leadsSomewhere(root: JsonValue, path: Manifest['comments'][number]['path']): boolean {
  let value: unknown = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return false;
    value = Reflect.get(value, segment);
  }
  return true;
}
