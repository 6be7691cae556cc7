import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type Waypoint } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { inWords, proofOf } from '../evidence.js';
import { type Bypass, bypassesOf, type Whom } from './around-waypoint.js';
import { type Target, targetingTogether, targetsOf, targetsPath } from './targets.js';

/** A policy at a waypoint that some callers pass by, with nothing at the pods that would stop them (§4.3, §4.5). */
export function waysAroundWaypoints(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { at, policy } = subject;
    const targets = targetsOf(context, policy, at);
    const found = firstOf(targets, (target) => waysAround(context, subject, target, 'unexpected'));
    const expected = found ? undefined : firstOf(targets, (target) => waysAround(context, subject, target, 'expected'));
    if (expected !== undefined) return letAround(policy, expected);
    if (found === undefined) return [];
    const { first, others, target, waypoint } = found;
    const further = others.map(({ law, evidence }) => `${law}: ${inWords(evidence)}`);
    const parameters = { policy: nameOf(policy), target: target.name, waypoint: keyOf(waypoint) };
    const help = target.kind === 'Service' ? first.help : 'move these callers to ambient, or deny them the way out';
    const span = spanIn(policy.object, targetsPath(policy.object));
    return diagnostic('way-around-waypoint', parameters, span, {
      ...proofOf(first.evidence, first.law, ...further),
      ...(help !== undefined && { help }),
    });
  });
}

interface WaysAround {
  readonly target: Target;
  readonly waypoint: Waypoint;
  readonly first: Bypass;
  readonly others: readonly Bypass[];
}

/** ALLOW policies decide together, so one of them speaks for all; every other policy decides alone. */
function waysAround(
  context: LintContext,
  { at, policy, forms }: PolicyInMesh,
  target: Target,
  whom: Whom,
): WaysAround | undefined {
  const { waypoint } = target;
  if (waypoint === undefined) return undefined;
  const together = policy.action === 'ALLOW' ? targetingTogether('ALLOW', target, at) : [forms];
  if (together[0] !== forms) return undefined;
  const [first, ...others] = bypassesOf(context, policy, together, target.waypointPaths, whom);
  return first && { target, waypoint, first, others };
}

/** Who is named at the pods was let around on purpose; what they may do there is more than the policy says. */
function letAround(policy: PolicyInMesh['policy'], { first, target, waypoint }: WaysAround): readonly Diagnostic[] {
  const parameters = { policy: nameOf(policy), target: target.name, waypoint: keyOf(waypoint) };
  const law = 'an ALLOW at the pods names them, and sees no requests (istio-security §2.1, §4.5)';
  const span = spanIn(policy.object, targetsPath(policy.object));
  return [diagnostic('let-around-waypoint', parameters, span, proofOf(first.evidence, law))];
}
