import { join, relative, resolve, sep } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result, Span } from '../../diagnostics/diagnostic.js';
import type { FileKind, FileSystem } from './host.js';
import { isOutputDirectory } from './output-tree.js';
import { reasonOf, systemErrorCode } from './system-error.js';

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
}

/** The files that a path stands for: itself, or every YAML and JSON file below it, in order of path. */
export function findFiles(files: FileSystem, directory: string, named: NamedPath): Result<readonly InputFile[]> {
  const fault = faultOfPath(directory, named);
  if (fault !== undefined) return { value: [], diagnostics: [fault] };
  const search: Search = { files, directory, named, found: [], diagnostics: [] };
  visit(search, resolve(directory, named.path), [], 'named');
  if (search.found.length === 0 && search.diagnostics.length === 0) {
    search.diagnostics.push(diagnostic('directory-without-yaml', { path: named.path }, named.span));
  }
  return { value: search.found, diagnostics: search.diagnostics };
}

interface Search {
  readonly files: FileSystem;
  /** What shown paths are relative to. */
  readonly directory: string;
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

/** A file that was named is read whatever its name; of what a directory holds, only YAML and JSON. */
function visit(search: Search, path: string, ancestors: readonly string[], role: 'named' | 'held'): void {
  const { files } = search;
  try {
    const { kind } = files.status(path);
    visitKnown(search, { path, realPath: files.realPath(path), kind }, ancestors, role);
  } catch (error) {
    search.diagnostics.push(unreadable(shown(search, path), search.named.span, error));
  }
}

interface Known extends Pick<InputFile, 'path' | 'realPath'> {
  readonly kind: FileKind;
}

function visitKnown(search: Search, known: Known, ancestors: readonly string[], role: 'named' | 'held'): void {
  const { path, realPath, kind } = known;
  const { span } = search.named;
  if (kind === 'directory') visitDirectory(search, path, [...ancestors, realPath], role);
  else if (role === 'held' && !isYaml(path)) return;
  else if (kind === 'file') search.found.push({ path, realPath, span });
  else search.diagnostics.push(diagnostic('not-a-regular-file', { path: shown(search, path) }, span));
}

function visitDirectory(search: Search, path: string, chain: readonly string[], role: 'named' | 'held'): void {
  const realPath = chain.at(-1) ?? path;
  if (chain.slice(0, -1).some((ancestor) => ancestor === realPath)) {
    search.diagnostics.push(diagnostic('link-loop', { path: shown(search, path) }, search.named.span));
    return;
  }
  if (role === 'held' && isOutputDirectory(search.files, path)) return;
  for (const { name, kind } of search.files.list(path)) {
    if (name.startsWith('.')) continue;
    // Only behind a link is anything else than what the directory itself says.
    if (kind === 'link') visit(search, join(path, name), chain, 'held');
    else visitHeld(search, { path: join(path, name), realPath: join(realPath, name), kind }, chain);
  }
}

/** What cannot be read is reported where it lies, and hides nothing beside it. */
function visitHeld(search: Search, known: Known, chain: readonly string[]): void {
  try {
    visitKnown(search, known, chain, 'held');
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

/** Says in a diagnostic that a path cannot be read. */
export function unreadable(path: string, span: Span | null, error: unknown): Diagnostic {
  const reason = reasonOf(error);
  if (systemErrorCode(error) === 'ENOENT') return diagnostic('path-not-found', { path }, span);
  if (systemErrorCode(error) === 'ELOOP') return diagnostic('link-loop', { path }, span);
  return diagnostic('path-not-readable', { path, reason }, span);
}
