import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result, type Span } from '../../diagnostics/diagnostic.js';
import type { Document, JsonObject, Path } from '../../parse/document.js';
import { readYaml } from '../../parse/read-yaml.js';
import type { Item } from './item.js';
import { commentsIn, textOfItem } from './item-text.js';

/** What a tool such as kustomize or kpt hands to a function, and takes back from it. */
export interface ResourceList {
  readonly apiVersion: string;
  readonly items: readonly Item[];
  readonly functionConfig: Item | undefined;
}

const standardInputName = 'stdin';

/** Reads the list; `undefined` where the text holds none. What is wrong with an item is left to whoever reads the item. */
export function readResourceList(text: string): Result<ResourceList | undefined> {
  const { value: documents, diagnostics } = readYaml({ path: standardInputName, text }, 'manifest');
  const [document] = documents;
  if (document === undefined && hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const problem = problemOf(documents);
  if (document === undefined || problem !== undefined) {
    const span = document?.spanOf([]) ?? null;
    return { value: undefined, diagnostics: [diagnostic('not-a-resource-list', { problem: problem ?? '' }, span)] };
  }
  const { apiVersion, functionConfig } = Object(document.value);
  const spans = itemsOf(document).map((_, index) => document.spanOf(['items', index]));
  const items = itemsOf(document).map((value, index) => itemAt(document, ['items', index], value, spans[index - 1]));
  const config = functionConfig ? itemAt(document, ['functionConfig'], functionConfig, undefined) : undefined;
  return {
    value: { apiVersion, items, functionConfig: config },
    diagnostics: diagnostics.filter((found) => !isWithinAny(found, spans)),
  };
}

function problemOf(documents: readonly Document[]): string | undefined {
  const [first, second] = documents;
  if (first === undefined) return 'it is empty';
  if (second !== undefined) return 'it holds several documents';
  const { apiVersion, kind, items, functionConfig } = Object(first.value);
  if (kind !== 'ResourceList') return `it holds ${typeof kind === 'string' ? `a ${kind}` : 'something else'}`;
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith('config.kubernetes.io/v1')) {
    return 'its apiVersion is not `config.kubernetes.io/v1`';
  }
  const isList = items === undefined || items === null || Array.isArray(items);
  if (!isList || !(items ?? []).every(isMapping)) return 'its `items` are no list of objects';
  return functionConfig && !isMapping(functionConfig) ? 'its `functionConfig` is no object' : undefined;
}

function itemsOf({ value }: Document): readonly JsonObject[] {
  return Object(value).items ?? [];
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Comments above an item are its own, and begin where the item before it ends. */
function itemAt(document: Document, path: Path, value: JsonObject, before: Span | undefined): Item {
  const span = document.spanOf(path);
  const start = before?.end ?? document.spanOf(path.slice(0, 1), 'key').end;
  return { value, text: textOfItem(span, value, commentsIn(span.file.text.slice(start, span.start))) };
}

function isWithinAny({ span }: Diagnostic, spans: readonly Span[]): boolean {
  return span !== null && spans.some(({ start, end }) => start <= span.start && span.end <= end);
}
