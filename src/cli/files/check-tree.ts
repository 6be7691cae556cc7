import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { OutputFile } from '../../pipeline.js';
import { diffTrees, type Tree } from '../../report/tree-diff.js';
import type { Host } from './host.js';
import { type FoundTree, markerName, readTree, wantedTree } from './output-tree.js';
import { shownPath } from './shown-path.js';
import { reasonOf } from './system-error.js';
import { foreignFiles } from './write-tree.js';

interface CheckOutcome {
  /** The unified diff from what is on disk to what would be written; empty when they agree. */
  readonly difference: string;
  readonly isCurrent: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares an output directory with what would be written there, and touches nothing. */
export function checkTree(host: Host, directory: string, files: readonly OutputFile[]): CheckOutcome {
  const wanted = wantedTree(files);
  const shown = shownPath(host, directory);
  try {
    const found = readTree(host.files, directory) ?? { own: new Map(), foreign: [] };
    const diagnostics = found.foreign.length > 0 ? [foreignFiles(shown, found.foreign)] : [];
    const difference = diffTrees(texts(shown, found), objects(shown, wanted));
    return { difference, isCurrent: difference === '', diagnostics };
  } catch (error) {
    const fault = diagnostic('output-not-readable', { path: shown, reason: reasonOf(error) }, null);
    return { difference: '', isCurrent: false, diagnostics: [fault] };
  }
}

function texts(directory: string, { own }: FoundTree): Tree {
  const decoder = new TextDecoder();
  return objects(directory, new Map([...own].map(([path, bytes]) => [path, decoder.decode(bytes)])));
}

/** Without the marker, which only repeats the names of the files. */
function objects(directory: string, tree: Tree): Tree {
  const entries = [...tree].filter(([path]) => path !== markerName);
  return new Map(entries.map(([path, text]) => [`${directory}/${path}`, text]));
}
