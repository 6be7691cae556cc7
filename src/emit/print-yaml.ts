import type { JsonObject, JsonValue } from '../parse/document.js';
import { assert } from '../util/assert.js';
import { type CommentTree, plantComments, printComment } from './comments.js';
import type { Manifest } from './manifest.js';
import { isLiteral, printKey, quoteText } from './yaml-text.js';

/**
 * Prints one object as block YAML that YAML 1.1 and 1.2 readers read alike, kubectl among them, with its comments.
 * The fields of the root come in Kubernetes' usual order, all others as they are given.
 */
export function printManifest({ object, header, comments }: Printable): string {
  const root = inUsualOrder(object);
  const tree = plantComments(root, comments);
  const lines = [...header, ...(tree?.lines ?? [])].map(printComment);
  printMapping(lines, root, '', '', tree);
  return `${lines.join('\n')}\n`;
}

/** An object, or a part of one, with what is said of it. */
type Printable = Pick<Manifest, 'header' | 'comments'> & {
  readonly object: Readonly<Record<string, JsonValue | undefined>>;
};

/** Prints the objects as one stream of documents. */
export function printStream(manifests: readonly Manifest[]): string {
  return manifests.map(printManifest).join('---\n');
}

const firstKeys = ['apiVersion', 'kind', 'metadata', 'spec'];

function inUsualOrder(object: Printable['object']): JsonObject {
  const others = Object.keys(object).filter((key) => !firstKeys.includes(key));
  const root: Array<[string, JsonValue]> = [];
  for (const key of [...firstKeys, ...others]) {
    const value = object[key];
    if (value !== undefined) root.push([key, value]);
  }
  return Object.fromEntries(root);
}

/** `lead` stands before the first key, `indent` before the others: they differ where the mapping follows a dash. */
function printMapping(lines: string[], mapping: JsonObject, lead: string, indent: string, tree?: CommentTree): void {
  let before = lead;
  for (const [key, value] of Object.entries(mapping)) {
    const below = tree?.children.get(key);
    if (below && before === indent) printComments(lines, below.lines, indent);
    printField(lines, value, `${before}${printKey(key)}:`, indent, below);
    before = indent;
  }
}

function printField(lines: string[], value: JsonValue, lead: string, indent: string, tree?: CommentTree): void {
  if (isScalar(value) || isEmpty(value)) printLeaf(lines, value, lead, indent);
  else {
    lines.push(lead);
    if (isSequence(value)) printSequence(lines, value, indent, indent, tree);
    else printMapping(lines, value, `${indent}  `, `${indent}  `, tree);
  }
}

function printSequence(
  lines: string[],
  items: readonly JsonValue[],
  lead: string,
  indent: string,
  tree?: CommentTree,
): void {
  let before = lead;
  for (const [index, item] of items.entries()) {
    const below = tree?.children.get(index);
    if (below && before === indent) printComments(lines, leadingComments(item, below), indent);
    printItem(lines, item, before, indent, below);
    before = indent;
  }
}

function printItem(lines: string[], item: JsonValue, lead: string, indent: string, tree?: CommentTree): void {
  if (isScalar(item) || isEmpty(item)) printLeaf(lines, item, `${lead}-`, indent);
  else if (isSequence(item)) printSequence(lines, item, `${lead}- `, `${indent}  `, tree);
  else printMapping(lines, item, `${lead}- `, `${indent}  `, tree);
}

function printLeaf(lines: string[], value: JsonValue, lead: string, indent: string): void {
  if (typeof value === 'string' && isLiteral(value)) printLiteral(lines, value, lead, `${indent}  `);
  else lines.push(`${lead} ${printScalar(value)}`);
}

function printLiteral(lines: string[], text: string, lead: string, indent: string): void {
  const isClosed = text.endsWith('\n');
  lines.push(`${lead} |${isClosed ? '' : '-'}`);
  for (const line of text.slice(0, isClosed ? -1 : undefined).split('\n')) lines.push(line && `${indent}${line}`);
}

function printScalar(value: JsonValue): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'object' && value !== null) return isSequence(value) ? '[]' : '{}';
  assert(typeof value !== 'number' || Number.isFinite(value), 'a number to print is finite');
  return String(value);
}

/** Comments of an item, and of what stands on the same line as its dash. */
function leadingComments(item: JsonValue, tree: CommentTree): readonly string[] {
  if (isScalar(item)) return tree.lines;
  const first = isSequence(item) ? 0 : Object.keys(item)[0];
  const below = first === undefined ? undefined : tree.children.get(first);
  if (!below) return tree.lines;
  const value = isSequence(item) ? item[0] : undefined;
  return [...tree.lines, ...(value === undefined ? below.lines : leadingComments(value, below))];
}

function printComments(lines: string[], comments: readonly string[], indent: string): void {
  for (const comment of comments) lines.push(indent + printComment(comment));
}

function isScalar(value: JsonValue): value is null | boolean | number | string {
  return typeof value !== 'object' || value === null;
}

function isEmpty(value: JsonObject | readonly JsonValue[]): boolean {
  return isSequence(value) ? value.length === 0 : Object.keys(value).length === 0;
}

function isSequence(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
