import { dirname, join, resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import {
  type Diagnostic,
  hasErrors,
  type Located,
  type Result,
  type SourceFile,
} from '../../diagnostics/diagnostic.js';
import type { Document } from '../../parse/document.js';
import { readYaml } from '../../parse/read-yaml.js';
import type { Provenance } from '../../pipeline.js';
import type { FileSystem } from '../files/host.js';
import { exists } from '../files/output-tree.js';
import { systemErrorCode } from '../files/system-error.js';

export const projectFileName = 'ambit.yaml';

const provenances = ['full', 'ids', 'none'] as const satisfies readonly Provenance[];

/** What the schema takes for a Project that needs no files. */
const functionAnnotations = ['config.kubernetes.io/function', 'config.kubernetes.io/local-config'];

/** What the `Project` document says. Its shape is checked with all other documents; here a wrong field counts as absent. */
export interface Project {
  /** Files and directories, relative to the project file. */
  readonly intents: ReadonlyArray<Located<string>>;
  /** What the directories of inputs hold and is no input, in the language of `.gitignore`, relative to the project file. */
  readonly exclude: readonly string[];
  readonly output: string | undefined;
  /** The version of Ambit that the output is written by. */
  readonly ambitVersion: Located<string> | undefined;
  readonly provenance: Provenance | undefined;
  readonly syncWaves: boolean;
  readonly kustomize: boolean;
  /** Whether it says by an annotation that a KRM function is run with it. */
  readonly isForFunction: boolean;
}

/**
 * The project file's absolute path: `--project` names it or its directory; without one it lies in the working directory
 * or in the nearest directory above.
 */
export function locateProject(
  files: FileSystem,
  workingDirectory: string,
  named: string | undefined,
): string | undefined {
  const isThere = (path: string) => isFound(files, path);
  if (named === undefined) {
    return [...withParents(workingDirectory)].map((directory) => join(directory, projectFileName)).find(isThere);
  }
  const path = resolve(workingDirectory, named);
  const isDirectory = isThere(path) && files.status(path).kind === 'directory';
  return isDirectory ? join(path, projectFileName) : path;
}

/** What cannot be looked at is not there: whoever reads it says why. */
function isFound(files: FileSystem, path: string): boolean {
  try {
    return exists(files, path);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

function* withParents(directory: string): Generator<string> {
  yield directory;
  if (dirname(directory) !== directory) yield* withParents(dirname(directory));
}

/** Finds the one `Project` document of a stream. */
export function parseProject(file: SourceFile): Result<Project | undefined> {
  const { value: documents, diagnostics } = readYaml(file, 'intent');
  const projects = documents.filter(({ value }) => field(value, 'kind') === 'Project');
  const [first, second] = projects;
  if (first === undefined)
    return { value: undefined, diagnostics: hasErrors(diagnostics) ? diagnostics : noProject(file, documents) };
  if (second === undefined) return { value: toProject(first), diagnostics: [] };
  const span = second.spanOf(['kind']);
  const notes = [{ message: 'the first one', span: first.spanOf(['kind']) }];
  return { value: undefined, diagnostics: [diagnostic('several-projects', { path: file.path }, span, { notes })] };
}

function noProject(file: SourceFile, documents: readonly Document[]): readonly Diagnostic[] {
  const span = documents[0]?.spanOf(['kind'], 'key') ?? null;
  return [diagnostic('no-project', { path: file.path }, span)];
}

function toProject(document: Document): Project {
  const spec = field(document.value, 'spec');
  const output = field(spec, 'output');
  const annotations = field(field(document.value, 'metadata'), 'annotations');
  return {
    intents: paths(document, spec),
    exclude: [field(spec, 'exclude')].flat().filter((glob) => typeof glob === 'string'),
    output: typeof output === 'string' ? output : undefined,
    ambitVersion: version(document, spec),
    provenance: provenances.find((known) => known === field(spec, 'provenance')),
    syncWaves: field(spec, 'syncWaves') === true,
    kustomize: field(spec, 'kustomize') === true,
    isForFunction: functionAnnotations.some((name) => field(annotations, name) !== undefined),
  };
}

function paths(document: Document, spec: unknown): ReadonlyArray<Located<string>> {
  const intents = field(spec, 'intents');
  if (!Array.isArray(intents)) return [];
  return intents.flatMap((value: unknown, index) => {
    if (typeof value !== 'string') return [];
    return [{ value, span: document.spanOf(['spec', 'intents', index]) }];
  });
}

function version(document: Document, spec: unknown): Located<string> | undefined {
  const value = field(spec, 'ambitVersion');
  return typeof value === 'string' && /^\d+\.\d+\.\d+/.test(value)
    ? { value, span: document.spanOf(['spec', 'ambitVersion']) }
    : undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
