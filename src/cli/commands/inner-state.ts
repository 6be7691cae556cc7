import { dumpIr, dumpPlaced } from '../../ir/dump-ir.js';
import type { CompileResult } from '../../pipeline.js';
import { unifiedDiff } from '../../report/tree-diff.js';

export type Stage = 'ast' | 'ir' | 'placed';

/** An inner state of the compilation as text; empty where the compilation ended before it. */
export function innerState({ intents, ir, placed }: CompileResult, stage: Stage): string {
  if (stage === 'ast') return intents === undefined ? '' : `${JSON.stringify(intents, withoutTexts, 2)}\n`;
  if (stage === 'ir') return ir === undefined ? '' : dumpIr(ir);
  return placed === undefined ? '' : dumpPlaced(placed);
}

/** A place is printed by its file's path: the text itself would follow every leaf. */
function withoutTexts(key: string, value: unknown): unknown {
  return key === 'file' && typeof value === 'object' && value !== null ? Reflect.get(value, 'path') : value;
}

/** What each pass changed, as unified diffs; a pass that changed nothing is named alone. */
export function traceText({ traces }: CompileResult): string {
  return traces.map(({ name, before, after }) => unifiedDiff(name, name, before, after)).join('');
}
