import { skipBlank, trimEnd } from './blank.js';
import type { Path } from './document.js';
import { loadYaml, type NodeListener } from './load-yaml.js';

/** A half-open range of offsets in the text of one document. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a value is written, properties (`&anchor`, `!tag`) included. `empty`: nothing is written, which means null.
 * `flow`: in brackets or braces.
 */
export type PositionNode = Range & { readonly value: unknown } & (
    | { readonly kind: 'scalar' | 'alias' | 'empty' }
    | { readonly kind: 'sequence'; readonly flow: boolean; readonly items: ReadonlyArray<PositionNode | undefined> }
    | { readonly kind: 'mapping'; readonly flow: boolean; readonly entries: readonly Entry[] }
  );

export interface Entry {
  readonly name: string;
  readonly key: PositionNode;
  /** Absent where the key stands alone: `{a}`. */
  readonly value: PositionNode | undefined;
}

type MutableNode = { opened: number; closed: number; kind: string | null; value: unknown; children: MutableNode[] };
type RawNode = { readonly [Key in keyof MutableNode]: Key extends 'children' ? readonly RawNode[] : MutableNode[Key] };

/** Reads a document once more, for where everything stands. The text must be readable. */
export function readPositions(text: string): PositionNode {
  const { root } = recordNodes(text);
  return interpret(text, root);
}

/** Where the innermost node begins that was being read when reading failed. */
export function innermostOpenNode(text: string): number {
  const { open } = recordNodes(text);
  return skipBlank(text, open.opened);
}

/** The place of the node at `path`, of its key, or of its nearest written ancestor. */
export function locate(root: PositionNode, path: Path, part: 'key' | 'value'): Range {
  let place: Range = root;
  let node: PositionNode | undefined = root;
  for (const [index, segment] of path.entries()) {
    if (node?.kind === 'sequence') {
      node = node.items[Number(segment)];
      place = node ?? place;
    } else if (node?.kind === 'mapping') {
      const entry: Entry | undefined = node.entries.findLast(({ name }) => name === String(segment));
      if (!entry) return place;
      node = entry.value;
      const keyAsked = part === 'key' && index === path.length - 1;
      place = keyAsked || node === undefined || node.kind === 'empty' ? entry.key : node;
    } else return place;
  }
  return place;
}

/** The way to the innermost field or item that holds a range, in its key or in its value. */
export function pathTo(node: PositionNode | undefined, range: Range): Path {
  if (node?.kind === 'sequence') {
    const index = node.items.findIndex((item) => item !== undefined && holds(item, range));
    return index === -1 ? [] : [index, ...pathTo(node.items[index], range)];
  }
  if (node?.kind !== 'mapping') return [];
  const entry = node.entries.find((each) => holds(extentOfEntry(each), range));
  return entry === undefined ? [] : [entry.name, ...pathTo(entry.value, range)];
}

/** Where the fields and items end that begin in a range: at its own end, or later. */
export function endOfWhatBegins(node: PositionNode | undefined, range: Range): number {
  if (node?.kind !== 'sequence' && node?.kind !== 'mapping') return range.end;
  const inner = node.kind === 'mapping' ? node.entries : node.items.flatMap((item) => item ?? []);
  return Math.max(
    range.end,
    ...inner.map((each) => {
      const extent = 'key' in each ? extentOfEntry(each) : each;
      if (extent.start >= range.start && extent.start < range.end) return extent.end;
      const isAround = extent.start < range.start && extent.end > range.start;
      return isAround ? endOfWhatBegins('key' in each ? each.value : each, range) : range.end;
    }),
  );
}

function extentOfEntry({ key, value }: Entry): Range {
  return { start: key.start, end: Math.max(key.end, value?.end ?? 0) };
}

function holds(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The nodes as the parser opens and closes them: key and value take turns, and a trial read may repeat a node. */
function recordNodes(text: string): { root: RawNode; open: RawNode } {
  const document: MutableNode = { opened: 0, closed: text.length, kind: null, value: undefined, children: [] };
  const stack = [document];
  const listener: NodeListener = (event, state) => {
    const current = stack.at(-1) ?? document;
    // The parser adds the line feed that may be missing at the end.
    const position = Math.min(state.position, text.length);
    if (event === 'open') {
      const node: MutableNode = { opened: position, closed: text.length, kind: null, value: null, children: [] };
      current.children.push(node);
      stack.push(node);
    } else {
      Object.assign(current, { closed: position, kind: state.kind, value: state.result });
      stack.pop();
    }
  };
  loadYaml(text, 'last', listener);
  return { root: document.children[0] ?? document, open: stack.at(-1) ?? document };
}

function interpret(text: string, raw: RawNode): PositionNode {
  const [only, ...others] = raw.children;
  // The parser tries a block mapping first: what turns out to be no mapping is reported inside itself.
  if (only && others.length === 0 && only.kind === raw.kind && Object.is(only.value, raw.value)) {
    return interpret(text, only);
  }
  const start = skipBlank(text, raw.opened);
  if (raw.kind === 'sequence') return sequenceNode(text, start, raw);
  if (raw.kind === 'mapping') return mappingNode(text, start, raw);
  if (raw.kind === null && raw.closed <= start) {
    return { kind: 'empty', start: raw.opened, end: raw.opened, value: null };
  }
  if (raw.kind === null && text.charAt(start) === '*') {
    return { kind: 'alias', start, end: endOfAlias(text, start), value: raw.value };
  }
  return { kind: 'scalar', start, end: trimEnd(text, start, raw.closed), value: raw.value };
}

function sequenceNode(text: string, start: number, raw: RawNode): PositionNode {
  const values: readonly unknown[] = Array.isArray(raw.value) ? raw.value : [];
  const items: Array<PositionNode | undefined> = [];
  let next = 0;
  for (const value of values) {
    const child = raw.children[next];
    if (child && Object.is(child.value, value)) {
      items.push(interpret(text, child));
      next += 1;
    } else if (child && value !== null) {
      const entry = readEntry(text, child, raw.children[next + 1]);
      items.push(pairNode(text, value, entry));
      next += entry.value ? 2 : 1;
    } else items.push(undefined);
  }
  const flow = isFlow(text, start);
  const last = items.at(-1);
  const end = flow || !last || last.kind === 'empty' ? trimEnd(text, start, raw.closed) : last.end;
  return { kind: 'sequence', flow, start, end, value: raw.value, items };
}

/** A mapping of one pair, written without braces in a flow sequence: `[a: 1]`. */
function pairNode(text: string, value: unknown, entry: Entry): PositionNode {
  return { kind: 'mapping', flow: true, start: entry.key.start, end: endOfEntry(text, entry), value, entries: [entry] };
}

function mappingNode(text: string, start: number, raw: RawNode): PositionNode {
  const entries: Entry[] = [];
  let next = 0;
  for (let child = raw.children[next]; child; child = raw.children[next]) {
    const entry = readEntry(text, child, raw.children[next + 1]);
    next += entry.value ? 2 : 1;
    if (entry.value || entry.key.kind !== 'empty') entries.push(entry);
  }
  const last = entries.at(-1);
  const flow = isFlow(text, start);
  const end = flow || !last ? trimEnd(text, start, raw.closed) : endOfEntry(text, last);
  return { kind: 'mapping', flow, start, end, value: raw.value, entries };
}

/** A key, with the node after it where a colon stands between the two. */
function readEntry(text: string, keyNode: RawNode, following: RawNode | undefined): Entry {
  const key = interpret(text, keyNode);
  const hasColon = text.charAt(skipBlank(text, key.end)) === ':';
  return { name: nameOf(text, key), key, value: hasColon && following ? interpret(text, following) : undefined };
}

function endOfEntry(text: string, { key, value }: Entry): number {
  if (!value) return key.end;
  return value.kind === 'empty' ? skipBlank(text, key.end) + 1 : value.end;
}

/** Whether a collection is written in brackets or braces, after its properties. */
function isFlow(text: string, start: number): boolean {
  const opening = /(?:[&!]\S*\s+)*[[{]/y;
  opening.lastIndex = start;
  return opening.test(text);
}

function endOfAlias(text: string, start: number): number {
  const name = /[^ \t\r\n,[\]{}]+/y;
  name.lastIndex = start;
  return start + (name.exec(text)?.[0].length ?? 1);
}

/** The name that the value has for the key: a key that is no text at all is called as it is written. */
function nameOf(text: string, key: PositionNode): string {
  const isCollection = typeof key.value === 'object' && key.value !== null;
  return isCollection ? text.slice(key.start, key.end) : String(key.value);
}
