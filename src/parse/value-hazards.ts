import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, SourceFile, Span } from '../diagnostics/diagnostic.js';
import type { Entry, PositionNode, Range } from './positions.js';
import { describeReading, otherReading } from './words.js';

/** Who writes a text: `intent` for Ambit alone, where nothing may be unclear; `manifest` for kubectl, as it is. */
export type Strictness = 'intent' | 'manifest';

/** The text of a document that could be read, and where it begins in its file. */
export interface Readable {
  readonly file: SourceFile;
  readonly offset: number;
  readonly text: string;
  readonly strictness: Strictness;
}

type Mapping = Extract<PositionNode, { kind: 'mapping' }>;

const suspicious = [
  /(?:^|[\s,{[])<<\s*:/, // a merge key
  /:[,\]}]/, // a colon before the end of a flow value
  /(?:^|[\s,{[])(?:null|~)\s*:\s/i, // a key that is null
  /[\]}]\s*:\s|\{\s*[[{]|^[ -]*\?\s/m, // a key that is a collection
  /(?:^|[\s,{[]):\s/, // a key that is empty
  /[[{,]\s*(?::|[^\s"'[\]{},#][^"'[\]{},\n]*\?|\?)/, // bare text in brackets
  /\.(?:inf|nan)\b/i, // a number that is not finite
  /\\[uU](?:0000)?[dD][89a-fA-F]/, // half a character
];

/** Whether a manifest could hold anything that needs its positions to be told: most never do, and are not read twice. */
export function isSuspicious(text: string): boolean {
  return suspicious.some((pattern) => pattern.test(text));
}

/** Finds what can be read and should not be, as other readers take it differently or Kubernetes cannot store it. */
export function findValueHazards(readable: Readable, node: PositionNode, inFlow = false): Diagnostic[] {
  if (node.kind === 'mapping') {
    return [
      ...findRepeatedKeys(readable, node),
      ...findLateMerges(readable, node),
      ...node.entries.flatMap((entry) => findEntryHazards(readable, entry, node.flow)),
    ];
  }
  if (node.kind === 'sequence') {
    return node.items.flatMap((item) => (item ? findValueHazards(readable, item, node.flow) : []));
  }
  return node.kind === 'scalar' ? findScalarHazards(readable, node, inFlow) : [];
}

function findEntryHazards(readable: Readable, { key, value }: Entry, inFlow: boolean): Diagnostic[] {
  return [
    ...findKeyHazards(readable, key, value),
    ...findScalarHazards(readable, key, inFlow),
    ...(value ? findValueHazards(readable, value, inFlow) : []),
  ];
}

/** go-yaml reads `fe80::` before `]` as text, every other reader as a key with a colon. */
function findKeyHazards(readable: Readable, key: PositionNode, value: PositionNode | undefined): Diagnostic[] {
  const { text } = readable;
  if (key.value === null || typeof key.value === 'object') {
    const found = key.value === null ? 'null' : describeCollection(key.value);
    return [diagnostic('key-not-text', { found }, spanOf(readable, key.kind === 'empty' ? widen(key) : key))];
  }
  const isGlued = /^:[,\]}]/.test(text.slice(key.end, key.end + 2));
  if (value?.kind !== 'empty' || !isGlued || !isPlain(text, key)) return [];
  const range = { start: key.start, end: key.end + 1 };
  return [diagnostic('ambiguous-colon', { text: text.slice(range.start, range.end) }, spanOf(readable, range))];
}

function findRepeatedKeys(readable: Readable, { entries }: Mapping): Diagnostic[] {
  const name = readable.strictness === 'intent' ? 'duplicate-key' : 'overwritten-key';
  const first = new Map<string, PositionNode>();
  return entries.flatMap(({ name: key, key: node }) => {
    const earlier = first.get(key);
    if (!earlier) first.set(key, node);
    if (!earlier || isMerge(readable.text, node)) return [];
    const notes = [{ message: 'first written here', span: spanOf(readable, earlier) }];
    return [diagnostic(name, { key }, spanOf(readable, node), { notes })];
  });
}

/** kubectl lets a merge overwrite the keys above it; YAML and every other reader never do. */
function findLateMerges(readable: Readable, { entries }: Mapping): Diagnostic[] {
  const above = new Set<string>();
  return entries.flatMap(({ name, key, value }) => {
    if (!isMerge(readable.text, key)) {
      above.add(name);
      return [];
    }
    const merged = mergedKeys(value?.value);
    const overwritten = merged.find((mergedKey) => above.has(mergedKey));
    for (const mergedKey of merged) above.add(mergedKey);
    return overwritten === undefined ? [] : [diagnostic('late-merge', { key: overwritten }, spanOf(readable, key))];
  });
}

function mergedKeys(value: unknown): string[] {
  const sources: readonly unknown[] = Array.isArray(value) ? value : [value];
  return sources.flatMap((source) => (typeof source === 'object' && source !== null ? Object.keys(source) : []));
}

function findScalarHazards(readable: Readable, node: PositionNode, inFlow: boolean): Diagnostic[] {
  const written = readable.text.slice(node.start, node.end);
  const { value } = node;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return [diagnostic('not-finite', { text: written }, spanOf(readable, node))];
  }
  const surrogate = typeof value === 'string' ? /\p{Surrogate}/u.exec(value)?.[0] : undefined;
  if (surrogate !== undefined) {
    const character = `U+${surrogate.charCodeAt(0).toString(16).toUpperCase()}`;
    return [diagnostic('control-character', { character }, spanOf(readable, node))];
  }
  if (!isPlain(readable.text, node)) return [];
  if (inFlow && /^:|\?/.test(written)) {
    return [diagnostic('bare-text-in-brackets', { text: written }, spanOf(readable, node))];
  }
  return readable.strictness === 'intent' ? findWords(readable, node, written) : [];
}

function findWords(readable: Readable, node: PositionNode, written: string): Diagnostic[] {
  const theirs = otherReading(written, node.value);
  if (theirs === undefined) return [];
  const parameters = { text: written, ours: describeReading(node.value), theirs };
  return [diagnostic('ambiguous-word', parameters, spanOf(readable, node))];
}

function isMerge(text: string, key: PositionNode): boolean {
  return text.slice(key.start, key.end) === '<<';
}

function isPlain(text: string, node: PositionNode): boolean {
  return node.kind === 'scalar' && !/["'|>&!]/.test(text.charAt(node.start));
}

function describeCollection(value: object): string {
  return Array.isArray(value) ? 'a sequence' : 'a mapping';
}

function widen({ start }: Range): Range {
  return { start, end: start + 1 };
}

function spanOf({ file, offset }: Readable, { start, end }: Range): Span {
  return { file, start: offset + start, end: offset + end };
}
