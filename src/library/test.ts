import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Source } from '../parse/parse-sources.js';
import { type CompileOptions, compile } from '../pipeline.js';
import type { TestOutcome } from '../policy-tests/outcome.js';

export interface TestResult {
  readonly diagnostics: readonly Diagnostic[];
  /** None where the sources hold no tests, or are wrong. */
  readonly tests: readonly TestOutcome[];
}

/**
 * Runs the AccessTests and Guardrails among the sources: on the mesh as it will be once the compiled output is applied,
 * and on manifests without settings as they stand.
 */
export function test(sources: readonly Source[], { today }: Pick<CompileOptions, 'today'> = {}): TestResult {
  const { diagnostics, tests } = compile(sources, { today, accessTests: true, verify: false });
  return { diagnostics, tests };
}
