import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result, Span } from '../../diagnostics/diagnostic.js';
import { isManaged } from '../../parse/document.js';
import { type Project, parseProject } from '../project/project-file.js';
import { checkItems } from './check-items.js';
import { withoutEnrolment } from './enrolment.js';
import { type Item, isDocument, isLocal, keyOf, kindOf } from './item.js';
import { type KrmSource, sourcesOf } from './krm-source.js';
import type { ResourceList } from './resource-list.js';

export interface Inputs {
  readonly sources: readonly KrmSource[];
  readonly project: Project | undefined;
  /** The items as their owners wrote them: without what Ambit added to the list before. */
  readonly given: readonly Item[];
}

/** What of a list is compiled: the functionConfig, Ambit's documents, and all that is going to be applied. */
export function inputsOf({ items, functionConfig: config }: ResourceList): Result<Inputs> {
  const given = items.filter((item) => !isManaged(item)).map(withoutEnrolment);
  const isConfig = (item: Item) => config !== undefined && keyOf(config.value) === keyOf(item.value);
  const read = given.filter((item) => !isConfig(item) && (isDocument(item) || !isLocal(item)));
  const isConfigSent = given.some((item) => isConfig(item) && !isLocal(item));
  const sources = sourcesOf(config ? [config, ...read] : read);
  const projects = sources.flatMap(projectsIn);
  const diagnostics = [
    ...(config && !isSettings(config) ? [unknownConfig(config)] : []),
    ...sources.flatMap((source) => checkItems(source, config, isConfigSent)),
    ...severalProjects(projects),
  ];
  return { value: { sources, project: projects[0], given }, diagnostics };
}

/** Where an item stands in what is compiled, for whoever tells a place. */
export function itemAt({ sources }: Inputs, { file, start }: Span) {
  const source = sources.find(({ text, path }) => path === file.path && text === file.text);
  return source?.items.findLast((item) => item.start <= start);
}

function isSettings(item: Item): boolean {
  return isDocument(item) && ['Project', 'Mesh'].includes(kindOf(item));
}

function unknownConfig({ value: { apiVersion, kind } }: Item): Diagnostic {
  return diagnostic('unknown-function-config', { found: `it is a ${String(kind)} of ${String(apiVersion)}` }, null);
}

function projectsIn(source: KrmSource): readonly Project[] {
  const documents = source.items.filter(({ item }) => isDocument(item) && kindOf(item) === 'Project');
  return documents.flatMap(({ item }) => parseProject({ path: source.path, text: item.text }).value ?? []);
}

function severalProjects(projects: readonly Project[]): readonly Diagnostic[] {
  return projects.length > 1 ? [diagnostic('several-projects', { path: 'stdin' }, null)] : [];
}
