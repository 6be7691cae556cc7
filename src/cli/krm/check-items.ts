import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import type { Document, Path } from '../../parse/document.js';
import { readYaml } from '../../parse/read-yaml.js';
import { type Item, isDocument, isLocal, kindOf } from './item.js';
import type { KrmSource } from './krm-source.js';

/**
 * What is wrong with items for a function alone; all else is told where they are compiled. The functionConfig is sent to the cluster
 * where it is among the items as well.
 */
export function checkItems(source: KrmSource, config: Item | undefined, isConfigSent: boolean): readonly Diagnostic[] {
  if (!source.items.some(({ item }) => isDocument(item) || isList(item))) return [];
  return readYaml(source, 'manifest').value.flatMap((document) => {
    const item = source.items.findLast(({ start }) => start <= document.start)?.item;
    if (item === undefined) return [];
    if (isList(item)) return [diagnostic('list-in-list', { kind: kindOf(item) }, document.spanOf(['kind']))];
    if (!isDocument(item)) return [];
    const isSent = item === config ? isConfigSent : !isLocal(item);
    return [...filesIn(item, document), ...(isSent ? [toBeApplied(item, document.spanOf(['metadata'], 'key'))] : [])];
  });
}

function toBeApplied(item: Item, span: Span): Diagnostic {
  const { name } = Object(item.value.metadata);
  return diagnostic('document-to-be-applied', { kind: kindOf(item), name: String(name) }, span);
}

function isList(item: Item): boolean {
  return kindOf(item).endsWith('List') && Array.isArray(item.value.items);
}

function filesIn(item: Item, document: Document): readonly Diagnostic[] {
  return fileFields(item)
    .filter((path) => isWritten(item.value, path))
    .map((path) => {
      const field = path.filter((step) => typeof step === 'string').join('.');
      return diagnostic('function-reads-no-files', { field }, document.spanOf(path, 'key'));
    });
}

/** Fields that say which files are read or written. */
function fileFields(item: Item): readonly Path[] {
  if (kindOf(item) === 'Project') return ['intents', 'exclude', 'output', 'kustomize'].map((name) => ['spec', name]);
  const clusters: unknown = kindOf(item) === 'Mesh' ? Object(item.value.spec).clusters : undefined;
  return Array.isArray(clusters) ? clusters.map((_, index) => ['spec', 'clusters', index, 'manifests']) : [];
}

function isWritten(value: unknown, path: Path): boolean {
  return path.reduce<unknown>((at, step) => Object(at)[step], value) !== undefined;
}
