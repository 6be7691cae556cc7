import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { AccessTest } from '../../parse/ast.js';
import type { ResolvedGuardrail } from '../../resolve/resolved-guardrail.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import type { MeshSettings } from '../../topology/mesh.js';
import { sortBy } from '../../util/order.js';
import { type AppliedFile, objectsAfterApply } from '../applied.js';
import { judgeAccessTest } from './judge-access-test.js';
import { judgeGuardrail } from './judge-guardrail.js';
import type { TestOutcome } from './outcome.js';
import { situationsOf } from './situation.js';
import { tell } from './tell.js';

export interface PolicyTests {
  readonly guardrails: readonly ResolvedGuardrail[];
  readonly accessTests: readonly AccessTest[];
}

/** What is applied, and over what. */
export interface Deployment {
  readonly settings: MeshSettings;
  readonly given: readonly ClusterObject[];
  readonly files: readonly AppliedFile[];
}

/**
 * Runs tests on a deployment as it will be after the files are applied: sets of requests by the algebra, single ones by `decide`. Guardrails that do not hold are
 * errors, since they say what must be so; a case of an AccessTest that fails is only an outcome.
 */
export function judgePolicyTests(
  { guardrails, accessTests }: PolicyTests,
  { settings, given, files }: Deployment,
): Result<readonly TestOutcome[]> {
  if (guardrails.length + accessTests.length === 0) return { value: [], diagnostics: [] };
  const objects = objectsAfterApply(given, files);
  const situationOf = situationsOf(settings, objects.value);
  const checked = guardrails.map((check) => judgeGuardrail(situationOf, check));
  const diagnostics: Diagnostic[] = [...objects.diagnostics];
  const cases = sortBy(accessTests, ({ name }) => name.value).flatMap((test) => {
    const { value, diagnostics: faults } = judgeAccessTest(situationOf(undefined).mesh, test);
    diagnostics.push(...faults);
    return value;
  });
  const outcomes = [...checked, ...cases];
  const emitted = new Set(files.map(({ path }) => path));
  const told = outcomes.flatMap((outcome) => tell(outcome, (path) => emitted.has(path)));
  return { value: outcomes, diagnostics: [...diagnostics, ...told] };
}
