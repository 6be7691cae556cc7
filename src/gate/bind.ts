import { diagnostic } from '../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.js';
import type { CallerGroup, Guardrail, GuardrailCheck } from '../parse/ast.js';
import type { Approvable, Approval } from '../parse/gate.js';
import { resolve } from '../resolve/resolve.js';
import type { ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import type { Topology } from '../topology/model.js';
import { isDay } from '../util/day.js';

/** What checks and approvals name is looked up in the deployment as it is after the change. */
export interface Ground {
  readonly topology: Topology;
  readonly groups: readonly CallerGroup[];
}

/** An approval with its names bound. */
export interface BoundApproval {
  readonly approval: Approval;
  readonly name: string;
  readonly approves: readonly Approvable[];
  readonly requests: ResolvedGuardrail;
}

/** Names are looked up as those of a guardrail: an unknown one is an error. */
export function bindChecks(ground: Ground, checks: readonly GuardrailCheck[]): Result<readonly ResolvedGuardrail[]> {
  return bound(ground, checks);
}

/**
 * The approvals that hold on a day. One that names what is not there approves nothing, and says so: what it was meant for
 * is told as if it were not there.
 */
export function bindApprovals(
  ground: Ground,
  approvals: readonly Approval[],
  today: string,
): Result<readonly BoundApproval[]> {
  const diagnostics: Diagnostic[] = [];
  const held = approvals.flatMap((approval): readonly BoundApproval[] => {
    const { requests, approves, until } = approval;
    const name = requests.name.value;
    if (!isDay(until.value)) {
      diagnostics.push(diagnostic('malformed-date', { until: until.value }, until.span));
      return [];
    }
    if (today > until.value) {
      diagnostics.push(diagnostic('approval-expired', { name, until: until.value }, until.span));
      return [];
    }
    const { value, diagnostics: faults } = bound(ground, [requests]);
    if (hasErrors(faults)) {
      const notes = faults.map(({ message, span }) => ({ message, ...(span && { span }) }));
      diagnostics.push(diagnostic('approval-names-nothing', { name }, approval.span, { notes }));
      return [];
    }
    return value.map((each) => ({ approval, name, approves, requests: each }));
  });
  return { value: held, diagnostics: [...doubled(approvals), ...diagnostics] };
}

/** By its name an approval is told from others, in reports and in what is counted as used. */
function doubled(approvals: readonly Approval[]): readonly Diagnostic[] {
  const names = approvals.map(({ requests }) => requests.name.value);
  return approvals.flatMap(({ requests: { name } }, index) =>
    names.indexOf(name.value) < index ? [diagnostic('approval-doubled', { name: name.value }, name.span)] : [],
  );
}

function bound({ topology, groups }: Ground, checks: readonly GuardrailCheck[]): Result<readonly ResolvedGuardrail[]> {
  const [first] = checks;
  if (first === undefined) return { value: [], diagnostics: [] };
  const guardrail: Guardrail = { kind: 'Guardrail', name: first.name, checks };
  const always = { isInForce: () => true, isBeforeEnd: () => true };
  const { value, diagnostics } = resolve([...groups, guardrail], topology, always);
  const files = new Set(checks.map(({ name }) => name.span.file.path));
  // What is wrong with anything else is told by whoever compiles it.
  return { value: value.guardrails, diagnostics: diagnostics.filter(({ span }) => span && files.has(span.file.path)) };
}
