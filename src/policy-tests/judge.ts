import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { Deployed } from '../mesh/deployed.js';
import type { AccessTest } from '../parse/ast.js';
import type { ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { sortBy } from '../util/order.js';
import { judgeAccessTest } from './judge-access-test.js';
import { judgeGuardrail } from './judge-guardrail.js';
import type { TestOutcome } from './outcome.js';
import { situationsOf } from './situation.js';
import { tell } from './tell.js';

interface PolicyTests {
  readonly guardrails: readonly ResolvedGuardrail[];
  readonly accessTests: readonly AccessTest[];
}

/**
 * Runs tests on a deployment: sets of requests by the algebra, single ones by `decide`. Guardrails that do not hold are
 * errors, since they say what must be so; a case of an AccessTest that fails is only an outcome.
 */
export function judgePolicyTests(
  { guardrails, accessTests }: PolicyTests,
  deployed: Deployed,
  inputs: readonly string[],
): Result<readonly TestOutcome[]> {
  const situationOf = situationsOf(deployed);
  const checked = guardrails.map((check) => judgeGuardrail(situationOf, check));
  const diagnostics: Diagnostic[] = [];
  const cases = sortBy(accessTests, ({ name }) => name.value).flatMap((test) => {
    const { value, diagnostics: faults } = judgeAccessTest(situationOf(undefined).mesh, test);
    diagnostics.push(...faults);
    return value;
  });
  const outcomes = [...checked, ...cases];
  const shown = { isEmitted: (path: string) => deployed.applied.has(path), inputs };
  const told = outcomes.flatMap((outcome) => tell(outcome, shown));
  return { value: outcomes, diagnostics: [...diagnostics, ...told] };
}
