import { basename, dirname, join, relative } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { OutputFile } from '../../pipeline.js';
import type { FileSystem, Host } from './host.js';
import { type Lease, withLock } from './lock.js';
import {
  exists,
  type FoundTree,
  isSameFile,
  isSameTree,
  readSettled,
  readTree,
  type WantedTree,
  wantedTree,
} from './output-tree.js';
import { shownPath } from './shown-path.js';
import { reasonOf, systemErrorCode } from './system-error.js';

interface WriteOutcome {
  /** `false` where the directory held exactly these files already: nothing was touched. */
  readonly written: boolean;
  /** What Ambit had in the directory, by path. */
  readonly before: FoundTree['own'];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Replaces an output directory as a whole: the new tree is written beside it and swapped in by rename, so that a run
 * that is interrupted leaves the old tree or the new one, never a mixture. A run killed between the two renames leaves
 * both trees whole beside the directory's place, and the next run puts the old one back before it goes on.
 * Only a directory that is absent, empty or Ambit's own is ever replaced.
 */
export async function writeTree(host: Host, directory: string, files: readonly OutputFile[]): Promise<WriteOutcome> {
  const wanted = wantedTree(files);
  const likely = files.filter((file) => !delivered.has(file)).map(({ path }) => path);
  try {
    const outcome = await write(host, resolveLinks(host.files, directory), wanted, likely);
    if (outcome.diagnostics.length === 0) for (const file of files) delivered.add(file);
    return outcome;
  } catch (error) {
    return failed(
      diagnostic('output-not-written', { path: shownPath(host, directory), reason: reasonOf(error) }, null),
    );
  }
}

/** What lies in its directory since an earlier run of this process, unless another process wrote there. */
const delivered = new WeakSet<OutputFile>();

function failed(fault: Diagnostic): WriteOutcome {
  return { written: false, before: new Map(), diagnostics: [fault] };
}

async function write(host: Host, target: string, wanted: WantedTree, likely: readonly string[]): Promise<WriteOutcome> {
  if (holds(target, host.workingDirectory)) {
    return failed(diagnostic('output-holds-working-directory', { path: shownPath(host, target) }, null));
  }
  const settled = findSettled(host, target, wanted, likely);
  if (settled !== undefined) return settled;
  host.files.makeDirectory(dirname(target));
  const locked = await withLock(host, sibling(target, 'lock'), async (lease) => {
    recover(host.files, target);
    const found = readTree(host.files, target);
    const settled = settledAs(host, target, wanted, found);
    if (settled !== undefined) return settled;
    if (!replace(host.files, target, wanted, found, lease)) return lockedBy(host, target, 'another run');
    return { written: true, before: found?.own ?? new Map(), diagnostics: [] };
  });
  return locked.kind === 'done' ? locked.value : lockedBy(host, target, ownerOf(locked.owner));
}

function lockedBy(host: Host, target: string, owner: string): WriteOutcome {
  const lock = shownPath(host, sibling(target, 'lock'));
  return failed(diagnostic('output-locked', { path: shownPath(host, target), owner, lock }, null));
}

function holds(directory: string, path: string): boolean {
  return /^(?!\.\.(\/|$))/.test(relative(directory, path));
}

/**
 * The outcome where the tree is as it should be, seen without the lock. Another run may be swapping trees at this moment:
 * whatever seems missing or foreign then is looked at again under the lock.
 */
function findSettled(
  host: Host,
  target: string,
  wanted: WantedTree,
  likely: readonly string[],
): WriteOutcome | undefined {
  try {
    const found = readSettled(host.files, target, wanted, likely);
    const isUpToDate = found !== undefined && !hasLeftovers(host.files, target);
    return isUpToDate ? { written: false, before: found.own, diagnostics: [] } : undefined;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemErrorCode(error) ?? '');
}

/** The outcome where nothing is to be written, either way. */
function settledAs(
  host: Host,
  target: string,
  wanted: WantedTree,
  found: FoundTree | undefined,
): WriteOutcome | undefined {
  if (found === undefined) return undefined;
  if (found.foreign.length > 0) return failed(foreignFiles(shownPath(host, target), found.foreign));
  return isSameTree(found, wanted) ? { written: false, before: found.own, diagnostics: [] } : undefined;
}

const shownForeignFiles = 5;

/** What Ambit did not write it does not delete, and never leaves among files that are applied as a whole. */
export function foreignFiles(path: string, foreign: readonly string[]): Diagnostic {
  const shown = foreign.slice(0, shownForeignFiles).map((file) => ({ message: `\`${file}\` is not Ambit's` }));
  const rest = foreign.length - shown.length;
  const notes = rest > 0 ? [...shown, { message: `and ${rest} more` }] : shown;
  return diagnostic('output-foreign', { path }, null, { notes });
}

/** Answers `false`, and leaves everything to the run that has the lock, where it was lost meanwhile. */
function replace(
  files: FileSystem,
  target: string,
  wanted: WantedTree,
  found: FoundTree | undefined,
  lease: Lease,
): boolean {
  const draft = sibling(target, 'new');
  const isThere = (path: string, text: string) => found !== undefined && isSameFile(found, path, text);
  try {
    const changed = found && onlyChange(found, wanted);
    if (changed !== undefined) return replaceOne(files, target, changed, lease);
    writeFiles(files, draft, wanted, lease, (path, text, file) => {
      if (!isThere(path, text) || !isLinked(files, join(target, path), file)) files.write(file, text);
    });
    if (!lease.isHeld()) return false;
    swap(files, draft, target);
  } catch (error) {
    if (systemErrorCode(error) !== undefined) files.remove(draft);
    throw error;
  }
  flushAndForget(files, dirname(target), target);
  return true;
}

/** The one file that is to say something else, where all others stay as they are and none comes or goes. */
function onlyChange(found: FoundTree, wanted: WantedTree): readonly [path: string, text: string] | undefined {
  if (found.own.size !== wanted.size) return undefined;
  let only: readonly [path: string, text: string] | undefined;
  for (const [path, text] of wanted) {
    if (isSameFile(found, path, text)) continue;
    if (only !== undefined || !found.own.has(path)) return undefined;
    only = [path, text];
  }
  return only;
}

/** One file is replaced by one rename, which leaves the tree that was or the one that is wanted as well. */
function replaceOne(
  files: FileSystem,
  target: string,
  [path, text]: readonly [path: string, text: string],
  lease: Lease,
): boolean {
  const draft = sibling(target, 'new');
  const file = join(draft, basename(path));
  files.makeDirectory(draft);
  files.write(file, text);
  if (!lease.isHeld()) return false;
  files.rename(file, join(target, path));
  flushAndForget(files, dirname(join(target, path)), target);
  return true;
}

/** What stays as it is needs no new bytes: the old tree is left untouched, and goes away once the new one is in place. */
function isLinked(files: FileSystem, old: string, file: string): boolean {
  try {
    files.link(old, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

function writeFiles(
  files: FileSystem,
  directory: string,
  wanted: WantedTree,
  lease: Lease,
  put: (path: string, text: string, file: string) => void,
): void {
  const made = new Set<string>();
  for (const [path, text] of wanted) {
    const file = join(directory, path);
    const parent = dirname(file);
    if (!made.has(parent)) files.makeDirectory(parent);
    made.add(parent);
    put(path, text, file);
    lease.renew();
  }
}

/** An absent or empty directory is replaced by one rename; a full one cannot be, and is first moved aside. */
function swap(files: FileSystem, draft: string, target: string): void {
  const aside = sibling(target, 'old');
  const isFull = exists(files, target) && files.list(target).length > 0;
  if (isFull) files.rename(target, aside);
  try {
    files.rename(draft, target);
  } catch (error) {
    if (isFull && systemErrorCode(error) !== undefined) files.rename(aside, target);
    throw error;
  }
}

/** The new tree is in place: a failure to tidy up is no failure of the run, and the next run tidies again. */
function flushAndForget(files: FileSystem, changed: string, target: string): void {
  files.flush(changed);
  try {
    recover(files, target);
  } catch (error) {
    reasonOf(error);
  }
}

/** What a killed run left is put right: the old tree goes back where none took its place, all else goes away. */
function recover(files: FileSystem, target: string): void {
  const aside = sibling(target, 'old');
  const discarded = sibling(target, 'discarded');
  files.remove(discarded);
  files.remove(sibling(target, 'new'));
  if (!exists(files, aside)) return;
  const isReplaced = exists(files, target) && files.list(target).length > 0;
  files.rename(aside, isReplaced ? discarded : target);
  files.remove(discarded);
}

function hasLeftovers(files: FileSystem, target: string): boolean {
  return (['lock', 'new', 'old', 'discarded'] as const).some((role) => exists(files, sibling(target, role)));
}

function sibling(target: string, role: 'lock' | 'new' | 'old' | 'discarded'): string {
  return join(dirname(target), `.${basename(target)}.ambit-${role}`);
}

function resolveLinks(files: FileSystem, directory: string): string {
  try {
    return files.realPath(directory);
  } catch (error) {
    if (isGone(error)) return directory;
    throw error;
  }
}

function ownerOf(lock: string): string {
  const [id, machine] = lock.split(' ');
  return machine === undefined ? lock : `process ${id} on ${machine}`;
}
