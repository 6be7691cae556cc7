import { basename, dirname, relative, resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { findManifestPaths, type Source } from '../../parse/parse-sources.js';
import type { FileSystem, Host } from '../files/host.js';
import { findFiles, type InputFile, type NamedPath } from '../files/input-files.js';
import { decodeText, type ReadText, readText } from '../files/read-text.js';
import { locateProject, type Project, parseProject } from './project-file.js';

export interface InputOptions {
  /** `-f`, in the order given; empty means the project. */
  readonly filename: readonly string[];
  readonly project?: string;
}

/** Everything a compilation reads. */
export interface Loaded {
  readonly sources: readonly Source[];
  /** What the sources' paths are relative to: the project, or the working directory. Absolute. */
  readonly directory: string;
  /** `undefined` where the files were named by `-f`. */
  readonly project: Project | undefined;
}

const standardInputName = 'stdin';

/** Reads the inputs, and then the manifests that their `Mesh` documents name. All that is wrong is said in one run. */
export async function load(host: Host, options: InputOptions): Promise<Result<Loaded>> {
  return options.filename.length > 0 ? loadFiles(host, options.filename) : loadProject(host, options.project);
}

async function loadFiles(host: Host, filenames: readonly string[]): Promise<Result<Loaded>> {
  const reading = startReading(host.files, host.workingDirectory);
  for (const path of filenames) {
    if (path === '-') await readStandardInput(reading, host);
    else readNamed(reading, { path, span: null });
  }
  return finish(reading, undefined);
}

async function readStandardInput(reading: Reading, host: Host): Promise<void> {
  if (reading.sources.has(standardInputName)) return;
  const content = decodeText(await host.readStandardInput(), standardInputName, null);
  keep(reading, standardInputName, standardInputName, content);
}

async function loadProject(host: Host, named: string | undefined): Promise<Result<Loaded>> {
  const path = locateProject(host.files, host.workingDirectory, named);
  if (path === undefined) return nothing(host, diagnostic('no-input', { directory: '.' }, null));
  const content = readText(host.files, path, relative(host.workingDirectory, path), null);
  if ('fault' in content) return nothing(host, content.fault);
  const reading = startReading(host.files, dirname(path));
  keep(reading, host.files.realPath(path), basename(path), content);
  const { value: project, diagnostics } = parseProject({ path: basename(path), text: content.text });
  reading.diagnostics.push(...diagnostics);
  for (const { value, span } of project?.intents ?? []) readNamed(reading, { path: value, span });
  return finish(reading, project);
}

function nothing(host: Host, fault: Diagnostic): Result<Loaded> {
  return { value: { sources: [], directory: host.workingDirectory, project: undefined }, diagnostics: [fault] };
}

/** What is read so far. A file counts once, by its real path, however often it is named. */
interface Reading {
  readonly files: FileSystem;
  readonly directory: string;
  readonly sources: Map<string, Source>;
  /** By cluster and real path: two clusters may be given the same manifest. */
  readonly manifests: Map<string, Source>;
  readonly diagnostics: Diagnostic[];
}

function startReading(files: FileSystem, directory: string): Reading {
  return { files, directory, sources: new Map(), manifests: new Map(), diagnostics: [] };
}

function readNamed(reading: Reading, named: NamedPath): void {
  for (const { path, realPath, span } of findNamed(reading, reading.directory, named)) {
    if (reading.sources.has(realPath)) continue;
    const shown = shownPath(reading, path);
    keep(reading, realPath, shown, readText(reading.files, path, shown, span));
  }
}

function keep({ sources, diagnostics }: Reading, key: string, path: string, content: ReadText): void {
  if ('fault' in content) diagnostics.push(content.fault);
  else sources.set(key, { path, text: content.text });
}

/** Reads the manifests that the sources name, each relative to the file that names it. */
function finish(reading: Reading, project: Project | undefined): Result<Loaded> {
  const { directory, sources, manifests, diagnostics } = reading;
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
function readManifest(reading: Reading, { path, realPath, span }: InputFile, cluster: string): void {
  const { files, sources, manifests, diagnostics } = reading;
  const key = `${cluster} ${realPath}`;
  if (manifests.has(key) || holdsAmbitDocument(sources.get(realPath))) return;
  const shown = shownPath(reading, path);
  const content = readText(files, path, shown, span);
  sources.delete(realPath);
  if ('fault' in content) diagnostics.push(content.fault);
  else manifests.set(key, { path: shown, text: content.text, cluster });
}

function findNamed({ files, diagnostics }: Reading, from: string, named: NamedPath): readonly InputFile[] {
  const found = findFiles(files, from, named);
  diagnostics.push(...found.diagnostics);
  return found.value;
}

function shownPath({ directory }: Reading, path: string): string {
  return relative(directory, path);
}

function holdsAmbitDocument(source: Source | undefined): boolean {
  return source !== undefined && /^apiVersion:\s*["']?ambit\.dev\//m.test(source.text);
}
