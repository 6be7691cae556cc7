import { basename, dirname, relative, resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { findManifestPaths, type Source } from '../../parse/parse-sources.js';
import type { Host } from '../files/host.js';
import { ignoreRule } from '../files/ignore-rules.js';
import { findFiles, type Ground, type InputFile, type NamedPath } from '../files/input-files.js';
import { exists } from '../files/output-tree.js';
import { decodeText, largestInput, type ReadText, readText } from '../files/read-text.js';
import { locateProject, type Project, parseProject } from './project-file.js';

export interface InputOptions {
  /** `-f`, in the order given; empty means the project. */
  readonly filename: readonly string[];
  readonly project?: string;
  /** A directory that the command is going to write: a project may name it before there is anything in it. Absolute. */
  readonly yetToCome?: string;
}

/** Everything a compilation reads. */
export interface Loaded {
  readonly sources: readonly Source[];
  /** What a command is told to read the same; nothing where it finds the project from where it runs. */
  readonly inputs: readonly string[];
  /** What the sources' paths are relative to: the project, or the working directory. Absolute. */
  readonly directory: string;
  /** `undefined` where the files were named by `-f`. */
  readonly project: Project | undefined;
}

const standardInputName = 'stdin';

/** Reads the inputs, and then the manifests that their `Mesh` documents name. All that is wrong is said in one run. */
export async function load(host: Host, options: InputOptions): Promise<Result<Loaded>> {
  const { filename } = options;
  const { value, diagnostics } =
    filename.length > 0 ? await loadFiles(host, filename) : await loadProject(host, options);
  return { value: { ...value, inputs: inputsOf(options) }, diagnostics };
}

/** What another command is told to read the same. */
export function inputsOf({ filename, project }: Pick<InputOptions, 'filename' | 'project'>): readonly string[] {
  return [...filename.flatMap((path) => ['-f', path]), ...(project === undefined ? [] : ['--project', project])];
}

/** All but how it was asked for. */
type Read = Omit<Loaded, 'inputs'>;

async function loadFiles(host: Host, filenames: readonly string[]): Promise<Result<Read>> {
  const { workingDirectory: directory, files } = host;
  const reading = startReading({ files, directory, root: directory, exclude: [] });
  for (const path of filenames) {
    if (path === '-') await readStandardInput(reading, host);
    else readNamed(reading, { path, span: null });
  }
  return finish(reading, undefined);
}

async function readStandardInput(reading: Reading, host: Host): Promise<void> {
  if (reading.sources.has(standardInputName)) return;
  const content = decodeText(await host.readStandardInput(largestInput), standardInputName, null);
  keep(reading, standardInputName, { path: standardInputName, isNamed: true }, content);
}

async function loadProject(host: Host, { project: named, yetToCome }: InputOptions): Promise<Result<Read>> {
  const path = locateProject(host.files, host.workingDirectory, named);
  if (path === undefined) return nothing(host, diagnostic('no-input', { directory: '.' }, null));
  const content = readText(host.files, path, relative(host.workingDirectory, path), null);
  if ('fault' in content) return nothing(host, content.fault);
  const { value: project, diagnostics } = parseProject({ path: basename(path), text: content.text });
  const directory = dirname(path);
  const exclude = (project?.exclude ?? []).map((glob) => ignoreRule(glob, directory));
  const reading = startReading({ files: host.files, directory, root: directory, exclude });
  keep(reading, host.files.realPath(path), { path: basename(path), isNamed: true }, content);
  reading.diagnostics.push(...diagnostics, ...withoutIntents(project, basename(path)));
  for (const { value, span } of project?.intents ?? []) {
    const isNotThereYet = resolve(directory, value) === yetToCome && isEmpty(host, yetToCome);
    if (!isNotThereYet) readNamed(reading, { path: value, span });
  }
  return finish(reading, project);
}

function isEmpty({ files }: Host, directory: string): boolean {
  return !exists(files, directory) || files.list(directory).length === 0;
}

/** Any other project without intents is not valid, which is told with all other faults of documents. */
function withoutIntents(project: Project | undefined, path: string): readonly Diagnostic[] {
  if (project === undefined || !project.isForFunction || project.intents.length > 0) return [];
  return [diagnostic('project-without-intents', { path }, null)];
}

function nothing(host: Host, fault: Diagnostic): Result<Read> {
  return { value: { sources: [], directory: host.workingDirectory, project: undefined }, diagnostics: [fault] };
}

/** What is read so far. A file counts once, by its real path, however often it is named. */
interface Reading {
  readonly ground: Ground;
  readonly sources: Map<string, Source>;
  /** By cluster and real path: two clusters may be given the same manifest. */
  readonly manifests: Map<string, Source>;
  readonly diagnostics: Diagnostic[];
}

function startReading(ground: Ground): Reading {
  return { ground, sources: new Map(), manifests: new Map(), diagnostics: [] };
}

function readNamed(reading: Reading, named: NamedPath): void {
  for (const { path, realPath, span, isNamed } of findNamed(reading, reading.ground.directory, named)) {
    const known = reading.sources.get(realPath);
    if (known !== undefined && !(isNamed && known.isGathered === true)) continue;
    const shown = shownPath(reading, path);
    keep(reading, realPath, { path: shown, isNamed }, readText(reading.ground.files, path, shown, span));
  }
}

/** How a file was reached, beside where. */
type Reached = Pick<InputFile, 'path' | 'isNamed'>;

function keep({ sources, diagnostics }: Reading, key: string, reached: Reached, content: ReadText): void {
  if ('fault' in content) diagnostics.push(content.fault);
  else sources.set(key, sourceOf(reached, content.text));
}

function sourceOf({ path, isNamed }: Reached, text: string): Source {
  return { path, text, ...(!isNamed && { isGathered: true }) };
}

/** Reads the manifests that the sources name, each relative to the file that names it. */
function finish(reading: Reading, project: Project | undefined): Result<Read> {
  const { sources, manifests, diagnostics } = reading;
  const { directory } = reading.ground;
  for (const source of [...sources.values()]) {
    const from = resolve(directory, dirname(source.path));
    for (const { cluster, path, span } of findManifestPaths(source)) {
      for (const file of findNamed(reading, from, { path, span })) readManifest(reading, file, cluster);
    }
  }
  return { value: { sources: [...sources.values(), ...manifests.values()], directory, project }, diagnostics };
}

/**
 * A manifest that a `Mesh` gives to a cluster belongs there, also where its directory was named as an input. Ambit's own
 * documents stay what they are when they lie among the manifests.
 */
function readManifest(reading: Reading, { path, realPath, span, isNamed }: InputFile, cluster: string): void {
  const { ground, sources, manifests, diagnostics } = reading;
  const key = `${cluster} ${realPath}`;
  if (manifests.has(key) || holdsAmbitDocument(sources.get(realPath))) return;
  const shown = shownPath(reading, path);
  const content = readText(ground.files, path, shown, span);
  sources.delete(realPath);
  if ('fault' in content) diagnostics.push(content.fault);
  else manifests.set(key, { ...sourceOf({ path: shown, isNamed }, content.text), cluster });
}

function findNamed({ ground, diagnostics }: Reading, from: string, named: NamedPath): readonly InputFile[] {
  const found = findFiles({ ...ground, directory: from }, named);
  diagnostics.push(...found.diagnostics);
  return found.value;
}

/** Nearly all lies below, where nothing has to be taken apart to say so. */
function shownPath({ ground: { directory } }: Reading, path: string): string {
  const below = `${directory}/`;
  return path.startsWith(below) ? path.slice(below.length) : relative(directory, path);
}

function holdsAmbitDocument(source: Source | undefined): boolean {
  return source !== undefined && /^apiVersion:\s*["']?ambit\.dev\//m.test(source.text);
}
