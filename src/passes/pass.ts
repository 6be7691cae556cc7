import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { dumpIr } from '../ir/dump-ir.js';
import type { PolicyIr } from '../ir/policy-ir.js';
import { validateIr } from '../ir/validate-ir.js';

/** One idea about what must hold, as a function from IR to IR. */
export interface Pass {
  readonly name: string;
  run(ir: PolicyIr): Result<PolicyIr>;
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
export function runPasses(ir: PolicyIr, passes: readonly Pass[], trace: boolean): PassesResult {
  const diagnostics: Diagnostic[] = [];
  const traces: PassTrace[] = [];
  let current = ir;
  for (const pass of passes) {
    const { value, diagnostics: found } = pass.run(current);
    validateIr(value);
    diagnostics.push(...found);
    if (trace) traces.push({ name: pass.name, before: dumpIr(current), after: dumpIr(value) });
    current = value;
  }
  return { value: current, diagnostics, traces };
}
