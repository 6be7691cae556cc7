import { relative, resolve, sep } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result, type Span } from '../../diagnostics/diagnostic.js';
import type { DirectoryEntry, FileKind, FileSystem } from './host.js';
import { type IgnoreRule, isLeftOut } from './ignore-rules.js';
import { ignoreFileName, rulesIn, rulesOnTheWay } from './ignored.js';
import { isOutputDirectory } from './output-tree.js';
import { unreadable } from './unreadable.js';
import { unrenderedIn } from './unrendered.js';

/** A path that somebody named as input, and where: `null` on the command line. */
export interface NamedPath {
  readonly path: string;
  readonly span: Span | null;
}

/** A file to read. */
export interface InputFile {
  /** Absolute, as it was reached. */
  readonly path: string;
  /** The same with every link followed: one file is one file, however it was reached. */
  readonly realPath: string;
  /** Where it was named, directly or through its directory. */
  readonly span: Span | null;
  /** Whether it was named itself: it is read as what somebody means to be read. */
  readonly isNamed: boolean;
}

/** Where paths are looked for. */
export interface Ground {
  readonly files: FileSystem;
  /** What named and shown paths are relative to; absolute, likewise below. */
  readonly directory: string;
  /** The project, or the working directory: from here down ignore files count. */
  readonly root: string;
  /** What the project leaves out. */
  readonly exclude: readonly IgnoreRule[];
}

/** The files that a path stands for: itself, or every YAML and JSON file below it, in order of path. */
export function findFiles(ground: Ground, named: NamedPath): Result<readonly InputFile[]> {
  const fault = faultOfPath(ground.directory, named);
  if (fault !== undefined) return { value: [], diagnostics: [fault] };
  const path = resolve(ground.directory, named.path);
  const onTheWay = rulesOnTheWay(ground.files, ground.root, path);
  const search: Search = { ...ground, named, found: [], diagnostics: [...onTheWay.diagnostics] };
  visit(search, path, { ancestors: [], rules: [...ground.exclude, ...onTheWay.value] }, 'named');
  if (search.found.length === 0 && !hasErrors(search.diagnostics)) {
    search.diagnostics.push(diagnostic('directory-without-yaml', { path: named.path }, named.span));
  }
  return { value: search.found, diagnostics: search.diagnostics };
}

interface Search extends Ground {
  readonly named: NamedPath;
  readonly found: InputFile[];
  readonly diagnostics: Diagnostic[];
}

function faultOfPath(directory: string, { path, span }: NamedPath): Diagnostic | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return diagnostic('not-a-local-path', { path }, span);
  return climbsAboveRoot(directory, path) ? diagnostic('path-outside-file-system', { path }, span) : undefined;
}

function climbsAboveRoot(directory: string, path: string): boolean {
  const start = path.startsWith('/') ? [] : directory.split(sep).filter((segment) => segment !== '');
  let depth = start.length;
  for (const segment of path.split('/')) {
    if (segment === '..') depth--;
    else if (segment !== '' && segment !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

type Role = 'named' | 'held';

/** What the directories above a path say of it. */
interface Above {
  /** Their real paths. */
  readonly ancestors: readonly string[];
  readonly rules: readonly IgnoreRule[];
}

/** A file that was named is read whatever its name; of what a directory holds, only YAML and JSON that is not left out. */
function visit(search: Search, path: string, above: Above, role: Role): void {
  const { files } = search;
  try {
    const { kind } = files.status(path);
    visitKnown(search, { path, realPath: files.realPath(path), kind }, above, role);
  } catch (error) {
    search.diagnostics.push(unreadable(shown(search, path), search.named.span, error));
  }
}

interface Known extends Pick<InputFile, 'path' | 'realPath'> {
  readonly kind: FileKind;
}

function visitKnown(search: Search, known: Known, above: Above, role: Role): void {
  const { path, realPath, kind } = known;
  const { span } = search.named;
  const isNamed = role === 'named';
  if (!isNamed && isLeftOut(above.rules, path, kind === 'directory')) return;
  if (kind === 'directory') visitDirectory(search, known, above, role);
  else if (!isNamed && !isYaml(path)) return;
  else if (kind === 'file') search.found.push({ path, realPath, span, isNamed });
  else search.diagnostics.push(diagnostic('not-a-regular-file', { path: shown(search, path) }, span));
}

function visitDirectory(search: Search, { path, realPath }: Known, { ancestors, rules }: Above, role: Role): void {
  const { files, named, diagnostics } = search;
  if (ancestors.includes(realPath)) {
    diagnostics.push(diagnostic('link-loop', { path: shown(search, path) }, named.span));
    return;
  }
  const isOutput = isOutputDirectory(files, path);
  if (role === 'held' && isOutput) return;
  const entries = files.list(path);
  const unrendered = isOutput ? undefined : unrenderedIn(files, path, entries);
  if (unrendered !== undefined) {
    diagnostics.push(diagnostic(unrendered, { path: shown(search, path) }, named.span));
    return;
  }
  const own = entries.some(({ name }) => name === ignoreFileName)
    ? rulesIn(files, search.root, path)
    : { value: [], diagnostics: [] };
  diagnostics.push(...own.diagnostics);
  const above = { ancestors: [...ancestors, realPath], rules: [...rules, ...own.value] };
  for (const entry of entries) if (!isSkipped(entry)) visitEntry(search, { path, realPath }, entry, above);
}

/** What is hidden, and what a package manager keeps for itself. */
function isSkipped({ name }: DirectoryEntry): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** Only behind a link is anything else than what the directory itself says. */
function visitEntry(search: Search, directory: Pick<Known, 'path' | 'realPath'>, entry: DirectoryEntry, above: Above) {
  const path = entryIn(directory.path, entry);
  if (entry.kind === 'link') visit(search, path, above, 'held');
  else visitHeld(search, { path, realPath: entryIn(directory.realPath, entry), kind: entry.kind }, above);
}

/** Directories are whole paths here, and names of entries hold nothing that would have to be resolved. */
function entryIn(directory: string, { name }: DirectoryEntry): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}

/** What cannot be read is reported where it lies, and hides nothing beside it. */
function visitHeld(search: Search, known: Known, above: Above): void {
  try {
    visitKnown(search, known, above, 'held');
  } catch (error) {
    search.diagnostics.push(unreadable(shown(search, known.path), search.named.span, error));
  }
}

function isYaml(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path);
}

function shown({ directory, named }: Search, path: string): string {
  return path === resolve(directory, named.path) ? named.path : relative(directory, path);
}
