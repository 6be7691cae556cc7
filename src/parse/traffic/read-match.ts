import type { Cursor } from '../cursor.js';
import { readTexts } from '../parse-references.js';
import { readPort, textOf } from './leaves.js';
import type { NamedPatterns, RequestMatch, TextPattern } from './settings.js';

export function readMatch(match: Cursor): RequestMatch {
  return {
    serverNames: match.optional('serverNames', readTexts) ?? [],
    hosts: match.optional('hosts', readTexts) ?? [],
    paths: match.optional('paths', readPatterns) ?? [],
    ignoreCase: match.optional('ignoreCase', (node) => node.value === true) ?? false,
    methods: match.optional('methods', readTexts) ?? [],
    headers: match.optional('headers', readNamedPatterns) ?? [],
    query: match.optional('query', readNamedPatterns) ?? [],
    grpc: match.optional('grpc', readTexts) ?? [],
    port: match.optional('port', readPort),
    except: match.optional('except', (node) => readNamedPatterns(node.field('headers'))) ?? [],
    span: match.span,
  };
}

function readNamedPatterns(node: Cursor): NamedPatterns[] {
  return node
    .fields()
    .map((field) => ({ name: { value: field.key, span: field.keySpan }, values: readPatterns(field) }));
}

export function readPatterns(node: Cursor): TextPattern[] {
  return node.items().map(readPattern);
}

function readPattern(node: Cursor): TextPattern {
  if (typeof node.value !== 'string') return { kind: 'regex', value: textOf(node.field('regex')), span: node.span };
  const { value, span } = node.text();
  if (value === '*') return { kind: 'any', value: '', span };
  if (value.endsWith('*')) return { kind: 'prefix', value: value.slice(0, -1), span };
  if (value.startsWith('*')) return { kind: 'suffix', value: value.slice(1), span };
  return { kind: 'exact', value, span };
}
