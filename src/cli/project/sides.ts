import { dirname, join, relative, resolve } from 'node:path';
import { diagnostic, reworded } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { type Checkout, checkOut } from '../files/git.js';
import type { FileSystem, Host } from '../files/host.js';
import { exists } from '../files/output-tree.js';
import { readText } from '../files/read-text.js';
import { shownPath } from '../files/shown-path.js';
import { unreadable } from '../files/unreadable.js';
import { type InputOptions, inputsOf, type Loaded, load } from './load.js';
import { locateProject, projectFileName } from './project-file.js';

/** What is named as one side of a comparison. */
export type SideName =
  | { readonly kind: 'working-tree' }
  /** A directory, a file, or a revision of Git: which one it is, the disk says. */
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'project'; readonly path: string };

/** One side, read. */
export interface LoadedSide {
  readonly label: string;
  /** What a command is told to read it; of a revision, what it is told to read the same in the working tree. */
  readonly inputs: readonly string[];
  readonly loaded: Loaded;
  /** How the path of a source is shown where the command runs: which side it is of can be seen. */
  displayPath(path: string): string;
  /** The path that a file has among the sources, if it is one, which is named where the command runs. */
  sourcePath(name: string): string;
}

/** What is read on each side: files, or a project; paths are looked for from where the side lies. */
export type SideOptions = Pick<InputOptions, 'filename' | 'project'>;

/** `A..B` is two revisions, as Git writes them, and the last commit where one is left out; a path of that name is that path. */
export function withoutRange({ files, workingDirectory }: Host, names: readonly string[]): readonly string[] {
  const [range = '', ...others] = names;
  const [from = '', to, ...more] = range.split('..');
  if (to === undefined || /^[./]/.test(to) || others.length + more.length > 0) return names;
  if (from + to === '' || exists(files, resolve(workingDirectory, range))) return names;
  return [from || 'HEAD', to || 'HEAD'];
}

/**
 * Reads one side. A path that exists is that path; any other name is a revision, whose tree is written below `scratch`, and
 * in which the project lies where it lies in the working tree.
 */
export async function loadSide(
  host: Host,
  name: SideName,
  options: SideOptions,
  scratch: string,
): Promise<Result<LoadedSide | undefined>> {
  if (name.kind === 'working-tree') return loadHere(host, 'the working tree', options);
  if (name.kind === 'project') return loadHere(host, name.path, { filename: [], project: name.path });
  const path = resolve(host.workingDirectory, name.name);
  try {
    if (exists(host.files, path)) return await loadPath(host, name.name, path, options);
  } catch (error) {
    return { value: undefined, diagnostics: [unreadable(name.name, null, error)] };
  }
  return loadRevision(host, name.name, options, scratch);
}

async function loadHere(host: Host, label: string, options: InputOptions): Promise<Result<LoadedSide>> {
  const { value: loaded, diagnostics } = await load(host, options);
  return { value: { label, inputs: loaded.inputs, loaded, ...pathsBelow(host, loaded) }, diagnostics };
}

function pathsBelow({ workingDirectory }: Host, { directory }: Loaded): Pick<LoadedSide, 'displayPath' | 'sourcePath'> {
  return {
    displayPath: (path) => relative(workingDirectory, resolve(directory, path)),
    sourcePath: (name) => relative(directory, resolve(workingDirectory, name)),
  };
}

/**
 * What is wrong with a path that no text names: whoever reads it stands where the command runs, and sees by the path which
 * side is meant.
 */
function withPathsShown(diagnostics: readonly Diagnostic[], displayPath: (path: string) => string) {
  return diagnostics.map((each) => {
    const { path } = each.parameters;
    return each.span === null && typeof path === 'string' ? reworded(each, { path: displayPath(path) }) : each;
  });
}

/** A directory with a project is that project; any other is read file by file. */
async function loadPath(host: Host, label: string, path: string, options: SideOptions): Promise<Result<LoadedSide>> {
  const { filename, project } = options;
  if (host.files.status(path).kind !== 'directory') return loadHere(host, label, { filename: [label] });
  const there = { ...host, workingDirectory: path };
  const isProject = project !== undefined || exists(host.files, join(path, projectFileName));
  const read = isProject || filename.length > 0 ? options : { filename: ['.'] };
  const { value: loaded, diagnostics } = await load(there, read);
  const shown = withPathsShown(diagnostics, (each) => shownPath(host, resolve(path, each)));
  const named = filename.flatMap((each) => ['-f', join(label, each)]);
  const inputs = named.length > 0 ? named : [isProject ? '--project' : '-f', join(label, project ?? '')];
  return { value: { label, inputs, loaded, ...pathsBelow(host, loaded) }, diagnostics: shown };
}

async function loadRevision(
  host: Host,
  revision: string,
  options: SideOptions,
  scratch: string,
): Promise<Result<LoadedSide | undefined>> {
  const { filename, project: named } = options;
  const project = named && shownPath(host, resolve(host.workingDirectory, named));
  host.files.makeDirectory(scratch);
  const { value: checkout, diagnostics } = await checkOut(host, revision, scratch);
  if (checkout === undefined) return { value: undefined, diagnostics };
  const { root } = checkout;
  const isNamed = filename.length > 0 || project !== undefined;
  const workingDirectory = isNamed ? checkout.workingDirectory : nearestThere(host.files, checkout);
  if (!exists(host.files, workingDirectory)) {
    return { value: undefined, diagnostics: [notThere(revision, relative(root, workingDirectory))] };
  }
  const there = { ...host, workingDirectory };
  const mesh = filename.length > 0 ? undefined : meshBefore(host, there, project, root);
  const found = await load(
    there,
    mesh === undefined ? { filename, ...(project && { project }) } : { filename: [mesh] },
  );
  const { value: loaded } = found;
  if (filename.length === 0 && mesh === undefined && !`${loaded.directory}/`.startsWith(`${root}/`)) {
    return { value: undefined, diagnostics: [notThere(revision, projectFileName)] };
  }
  const displayFrom = (directory: string) => (path: string) =>
    `${revision}:${relative(root, resolve(directory, path))}`;
  return {
    value: {
      label: mesh === undefined ? revision : `${revision}, before there were intents`,
      inputs: inputsOf(options),
      loaded,
      displayPath: displayFrom(loaded.directory),
      sourcePath: (name) => relative(loaded.directory, resolve(workingDirectory, name)),
    },
    diagnostics: [...diagnostics, ...withPathsShown(found.diagnostics, displayFrom(workingDirectory))],
  };
}

/**
 * A revision from before the project is compared by its manifests alone: the project of the working tree tells where they are.
 * Answers with where that is put among them; `undefined` where the revision has a project, or nobody has one.
 */
function meshBefore(host: Host, there: Host, project: string | undefined, root: string): string | undefined {
  const then = locateProject(there.files, there.workingDirectory, project);
  const now = locateProject(host.files, host.workingDirectory, project);
  const isThere = then !== undefined && `${dirname(then)}/`.startsWith(`${root}/`) && exists(there.files, then);
  if (isThere || now === undefined) return undefined;
  const path = resolve(there.workingDirectory, relative(host.workingDirectory, now));
  const content = readText(host.files, now, relative(host.workingDirectory, now), null);
  if (!path.startsWith(`${root}/`) || 'fault' in content) return undefined;
  there.files.makeDirectory(dirname(path));
  there.files.write(path, content.text);
  return path;
}

/** Where the project of a revision is read from, which need not have the working directory that lies below it. */
function nearestThere(files: FileSystem, { root, workingDirectory }: Checkout): string {
  if (exists(files, workingDirectory)) return workingDirectory;
  for (let above = dirname(workingDirectory); `${above}/`.startsWith(`${root}/`); above = dirname(above)) {
    if (exists(files, join(above, projectFileName))) return above;
  }
  return workingDirectory;
}

function notThere(revision: string, path: string) {
  return diagnostic('not-in-revision', { revision, path }, null);
}
