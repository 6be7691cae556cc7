import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { dumpIr } from '../ir/dump-ir.js';
import type { PolicyIr } from '../ir/policy-ir.js';
import { validateIr } from '../ir/validate-ir.js';
import type { Recall } from '../util/memory.js';

/**
 * One idea about what must hold, as a function from IR to IR. A destination about which nothing changes stays the object that
 * it is.
 */
export interface Pass {
  readonly name: string;
  run(ir: PolicyIr, recall: Recall): Result<PolicyIr>;
}

/** What one step changed, as text before and after. */
export interface PassTrace {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

interface PassesResult extends Result<PolicyIr> {
  readonly traces: readonly PassTrace[];
}

/** Runs passes in order. The IR is checked after each; dumps are made only when a trace is wanted. */
export function runPasses(ir: PolicyIr, passes: readonly Pass[], trace: boolean, recall: Recall): PassesResult {
  const diagnostics: Diagnostic[] = [];
  const traces: PassTrace[] = [];
  let current = ir;
  for (const pass of passes) {
    const { value, diagnostics: found } = pass.run(current, recall);
    validateIr(value);
    diagnostics.push(...found);
    if (trace) traces.push({ name: pass.name, before: dumpIr(current), after: dumpIr(value) });
    current = value;
  }
  return { value: current, diagnostics, traces };
}
