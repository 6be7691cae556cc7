import { join, relative } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Commit } from '../../report/log.js';
import type { Host } from './host.js';

/** A revision as files on the disk, of this process alone. */
export interface Checkout {
  /** Where the tree of the revision lies; absolute. */
  readonly root: string;
  /** The working directory within it. */
  readonly workingDirectory: string;
}

/**
 * Writes the tree of a revision into a directory of its own. Neither the checkout nor its index is touched: the revision
 * is read into an index beside it. No hook and no pager runs.
 */
export async function checkOut(host: Host, revision: string, root: string): Promise<Result<Checkout | undefined>> {
  const git = gitIn(host);
  const top = await git(['rev-parse', '--show-toplevel']);
  if (top.code !== 0) return refused(notInGit(revision, top));
  const { value: tree, diagnostics } = await commitNamed(git, revision);
  if (tree === undefined) return { value: undefined, diagnostics };
  const index = { GIT_INDEX_FILE: join(root, 'index') };
  const files = join(root, 'tree');
  for (const words of [
    ['read-tree', tree],
    ['checkout-index', '--all', '--force', `--prefix=${files}/`],
  ]) {
    const done = await git(words, index, top.output.trim());
    if (done.code !== 0) return refused(notInGit(revision, done));
  }
  const modules = await submodules(git, tree);
  return {
    value: { root: files, workingDirectory: join(files, relative(top.output.trim(), host.workingDirectory)) },
    diagnostics:
      modules.length === 0 ? [] : [diagnostic('submodules-left-out', { revision, paths: modules.join(', ') }, null)],
  };
}

export interface History {
  /** The newest first. */
  readonly commits: readonly Commit[];
  /** How many older ones are left out. */
  readonly leftOut: number;
  readonly isShallow: boolean;
}

const fieldEnd = '\x1f';
const commitEnd = '\x1e';
const reviewing = ['Reviewed-by', 'Approved-by', 'Acked-by'].map((key) => `key=${key}`).join();
const trailers = `%(trailers:${reviewing},valueonly,separator=%x1d)`;
const commitFormat = ['%h', '%H', '%p', '%aN', '%aE', '%cN', '%cE', '%cI', '%s', trailers].join('%x1f');

/** What came to a branch after one commit and up to another, by first parents: a merge is told as what it brings along. */
export async function historyOf(
  host: Host,
  from: string,
  to: string,
  most: number,
): Promise<Result<History | undefined>> {
  const git = gitIn(host);
  const [first, last] = [await commitNamed(git, from), await commitNamed(git, to)];
  if (first.value === undefined || last.value === undefined) {
    return { value: undefined, diagnostics: [...first.diagnostics, ...last.diagnostics] };
  }
  const range = ['--first-parent', `${first.value}..${last.value}`, '--'];
  const log = await git(['log', `--max-count=${most}`, `--format=${commitFormat}%x1e`, ...range]);
  const count = await git(['rev-list', '--count', ...range]);
  if (log.code !== 0) return refused(notInGit(`${from}..${to}`, log));
  const commits = log.output
    .split(commitEnd)
    .map((text) => text.replace(/^\n/, ''))
    .filter((text) => text !== '')
    .map(commitOf);
  const isShallow = await isShallowClone(git);
  return { value: { commits, leftOut: Number(count.output) - commits.length, isShallow }, diagnostics: [] };
}

function commitOf(text: string): Commit {
  const fields = text.split(fieldEnd);
  const [id = '', hash = '', parents = '', author = '', email = '', committer = '', committerEmail = ''] = fields;
  const [date = '', subject = '', reviewers = ''] = fields.slice(7);
  const named = reviewers.split('\x1d').map((each) => each.trim());
  return {
    id,
    hash,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author,
    email,
    committer,
    committerEmail,
    date,
    subject,
    reviewers: named.filter((each) => each !== ''),
  };
}

/** The whole id of the commit that a revision means. */
async function commitNamed(git: Git, revision: string): Promise<Result<string | undefined>> {
  const commit = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (commit.code === 0) return { value: commit.output.trim(), diagnostics: [] };
  const within = await git(['rev-parse', '--show-toplevel']);
  if (within.code !== 0) return refused(notInGit(revision, within));
  const reason = (await isShallowClone(git))
    ? 'this clone is shallow and does not have it'
    : 'there is no such path, commit, branch or tag';
  return refused(diagnostic('unknown-side', { side: revision, reason }, null));
}

async function isShallowClone(git: Git): Promise<boolean> {
  return (await git(['rev-parse', '--is-shallow-repository'])).output.trim() === 'true';
}

type Git = ReturnType<typeof gitIn>;

function gitIn({ run, workingDirectory }: Host) {
  return (words: readonly string[], environment: Readonly<Record<string, string>> = {}, directory = workingDirectory) =>
    run('git', ['--no-pager', ...words], {
      directory,
      environment: { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...environment },
    });
}

function refused(fault: Diagnostic): Result<undefined> {
  return { value: undefined, diagnostics: [fault] };
}

function notInGit(side: string, { code, messages }: Awaited<ReturnType<Git>>): Diagnostic {
  const [first = ''] = messages.split('\n').filter((line) => line !== '');
  const reason = code === 127 ? 'there is no `git`' : first.replace(/^fatal: /, '').replaceAll('`', "'");
  return diagnostic('not-in-git', { side, reason }, null);
}

/** Trees of other repositories, of which a revision has the name of a commit alone. */
async function submodules(git: Git, tree: string): Promise<readonly string[]> {
  const { output } = await git(['ls-tree', '-r', '--full-tree', tree]);
  return output.split('\n').flatMap((line) => /^160000 commit [0-9a-f]+\t(.*)$/.exec(line)?.[1] ?? []);
}
