import { join, relative } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
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
  const commit = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (commit.code !== 0) {
    const isShallow = (await git(['rev-parse', '--is-shallow-repository'])).output.trim() === 'true';
    const reason = isShallow
      ? 'this clone is shallow and does not have it'
      : 'there is no such path, commit, branch or tag';
    return refused(diagnostic('unknown-side', { side: revision, reason }, null));
  }
  const tree = commit.output.trim();
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
