import { hasErrors } from '../diagnostics/diagnostic.js';
import type { CompileResult } from '../pipeline.js';
import type { Topology } from '../topology/model.js';

/** What a project was found to be, while somebody writes in it. */
export interface Known {
  /** As its texts are now. */
  readonly latest: CompileResult;
  /** As they were when they last compiled: what is asked in the middle of a word is answered from it. */
  readonly whole: CompileResult | undefined;
  /** Whether somebody has written more since, and the texts were not read again yet. */
  readonly isBehind?: true;
}

export function nextKnown(latest: CompileResult, before: Known | undefined): Known {
  return { latest, whole: hasErrors(latest.diagnostics) ? before?.whole : latest };
}

/** The deployment in which names are looked up: as it is now, or as it was, while it cannot be read which clusters there are. */
export function deploymentOf({ latest, whole }: Known): Topology | undefined {
  const now = new Set(latest.topology?.clusters.map(({ name }) => name));
  const isLess = whole?.topology?.clusters.some(({ name }) => !now.has(name)) === true;
  return isLess ? whole?.topology : (latest.topology ?? whole?.topology);
}
