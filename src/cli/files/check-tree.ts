import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { OutputFile } from '../../pipeline.js';
import { diffTrees, type Tree } from '../../report/tree-diff.js';
import type { Host } from './host.js';
import { type FoundTree, markerName, readTree, textsOf, wantedTree } from './output-tree.js';
import { shownPath } from './shown-path.js';
import { reasonOf } from './system-error.js';
import { foreignFiles } from './write-tree.js';

interface CheckOutcome {
  /** The unified diff from what is on disk to what would be written; empty when they agree. */
  readonly difference: string;
  readonly isCurrent: boolean;
  /** What Ambit has in the directory, by path. */
  readonly before: FoundTree['own'];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares an output directory with what would be written there, and touches nothing. */
export function checkTree(host: Host, directory: string, files: readonly OutputFile[]): CheckOutcome {
  const shown = shownPath(host, directory);
  try {
    const { own, foreign } = readTree(host.files, directory) ?? { own: new Map(), foreign: [] };
    const diagnostics = foreign.length > 0 ? [foreignFiles(shown, foreign)] : [];
    const wanted = new Map([...wantedTree(files)].filter(([path]) => path !== markerName));
    const difference = diffTrees(below(shown, textsOf(own)), below(shown, wanted));
    return { difference, isCurrent: difference === '', before: own, diagnostics };
  } catch (error) {
    const fault = diagnostic('output-not-readable', { path: shown, reason: reasonOf(error) }, null);
    return { difference: '', isCurrent: false, before: new Map(), diagnostics: [fault] };
  }
}

function below(directory: string, tree: Tree): Tree {
  return new Map([...tree].map(([path, text]) => [`${directory}/${path}`, text]));
}
