import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result, Span } from '../../diagnostics/diagnostic.js';
import { isManaged } from '../../parse/document.js';
import { readYaml } from '../../parse/read-yaml.js';
import type { Source } from '../../pipeline.js';
import { type Project, parseProject } from '../project/project-file.js';
import { withoutEnrolment } from './enrolment.js';
import { fileOf, type Item, isDocument, isLocal, keyOf, kindOf } from './item.js';
import type { ResourceList } from './resource-list.js';

/** A text that is compiled, and the items that it is made of, in their order. */
interface KrmSource extends Source {
  readonly items: ReadonlyArray<{ readonly item: Item; readonly start: number }>;
}

export interface Inputs {
  readonly sources: readonly KrmSource[];
  readonly project: Project | undefined;
  /** The items as their owners wrote them: without what Ambit added to the list before. */
  readonly given: readonly Item[];
}

/** What of a list is compiled: the functionConfig, Ambit's documents, and all that is going to be applied. */
export function inputsOf({ items, functionConfig }: ResourceList): Result<Inputs> {
  const given = items.filter((item) => !isManaged(item)).map(withoutEnrolment);
  const config = functionConfig && { item: functionConfig, name: 'functionConfig' };
  const isConfig = (item: Item) => config !== undefined && keyOf(config.item.value) === keyOf(item.value);
  const read = given.filter((item) => !isConfig(item) && (isDocument(item) || !isLocal(item)));
  const sources = sourcesOf(config ? [config.item, ...read] : read);
  const projects = sources.flatMap(projectsIn);
  const diagnostics = [
    ...(config && !isSettings(config.item) ? [unknownConfig(sources)] : []),
    ...sources.flatMap((source) => faultsOf(source, config?.item)),
    ...severalProjects(projects),
  ];
  return { value: { sources, project: projects[0], given }, diagnostics };
}

/** Where an item stands in what is compiled, for whoever tells a place. */
export function itemAt({ sources }: Inputs, { file, start }: Span) {
  const source = sources.find(({ text, path }) => path === file.path && text === file.text);
  return source?.items.findLast((item) => item.start <= start);
}

/** Items of one file are one text: a comment that accepts something speaks for its file. */
function sourcesOf(items: readonly Item[]): readonly KrmSource[] {
  const byPath = new Map<string, Item[]>();
  for (const item of items) {
    const path = fileOf(item)?.path ?? nameOf(item);
    byPath.set(path, [...(byPath.get(path) ?? []), item]);
  }
  return [...byPath].map(([path, parts]) => {
    const placed = parts.map((item, index) => ({
      item,
      start: parts.slice(0, index).reduce((sum, { text }) => sum + text.length + separator.length, 0),
    }));
    return { path, text: parts.map(({ text }) => text).join(separator), items: placed };
  });
}

const separator = '---\n';

/** What stands for the file of an item that lies in none. */
function nameOf(item: Item): string {
  const { namespace, name } = Object(item.value.metadata);
  return [kindOf(item).toLowerCase(), namespace, name].filter((part) => typeof part === 'string').join('.');
}

function isSettings(item: Item): boolean {
  return isDocument(item) && ['Project', 'Mesh'].includes(kindOf(item));
}

function unknownConfig([source]: readonly KrmSource[]): Diagnostic {
  const { apiVersion, kind } = Object(source?.items[0]?.item.value);
  return diagnostic('unknown-function-config', { found: `it is a ${String(kind)} of ${String(apiVersion)}` }, null);
}

/** Fields that say which files are read or written. */
const fileFields: Readonly<Record<string, ReadonlyArray<readonly string[]>>> = {
  Project: [['intents'], ['exclude'], ['output'], ['kustomize']].map((path) => ['spec', ...path]),
  Mesh: [],
};

function faultsOf(source: KrmSource, config: Item | undefined): readonly Diagnostic[] {
  if (!source.items.some(({ item }) => isDocument(item))) return [];
  const { value: documents } = readYaml(source, 'manifest');
  return documents.flatMap((document) => {
    const item = source.items.findLast(({ start }) => start <= document.start)?.item;
    if (item === undefined || !isDocument(item)) return [];
    const kind = kindOf(item);
    const clusters: unknown = Object(Object(item.value).spec).clusters;
    const ofClusters = Array.isArray(clusters)
      ? clusters.map((_, index) => ['spec', 'clusters', index, 'manifests'])
      : [];
    const fields = [...(fileFields[kind] ?? []), ...(kind === 'Mesh' ? ofClusters : [])];
    const named = fields.filter((path) => isWrittenAt(item.value, path));
    return [
      ...named.map((path) => {
        const field = path.filter((step) => typeof step === 'string').join('.');
        return diagnostic('function-reads-no-files', { field }, document.spanOf(path, 'key'));
      }),
      ...(item === config || isLocal(item) ? [] : [toBeApplied(item, document.spanOf(['metadata'], 'key'))]),
    ];
  });
}

function isWrittenAt(value: unknown, path: ReadonlyArray<string | number>): boolean {
  return path.reduce<unknown>((at, step) => Object(at)[step], value) !== undefined;
}

function toBeApplied(item: Item, span: Span): Diagnostic {
  const { name } = Object(item.value.metadata);
  return diagnostic('document-to-be-applied', { kind: kindOf(item), name: String(name) }, span);
}

function projectsIn(source: KrmSource): readonly Project[] {
  const documents = source.items.filter(({ item }) => isDocument(item) && kindOf(item) === 'Project');
  return documents.flatMap(({ item }) => parseProject({ path: source.path, text: item.text }).value ?? []);
}

function severalProjects(projects: readonly Project[]): readonly Diagnostic[] {
  return projects.length > 1 ? [diagnostic('several-projects', { path: 'stdin' }, null)] : [];
}
