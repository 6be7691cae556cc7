import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type Waypoint } from '../../topology/model.js';
import { type Bypass, bypassesOf } from './around-waypoint.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from './context.js';
import { inWords, proofOf } from './evidence.js';
import { type Target, targetingTogether, targetsOf, targetsPath } from './targets.js';

/** A policy at a waypoint that some callers pass by, with nothing at the pods that would stop them (§4.3, §4.5). */
export function waysAroundWaypoints(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { at, policy } = subject;
    const found = firstOf(targetsOf(context, policy, at), (target) => waysAround(context, subject, target));
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
function waysAround(context: LintContext, { at, policy, forms }: PolicyInMesh, target: Target): WaysAround | undefined {
  const { waypoint } = target;
  if (waypoint === undefined) return undefined;
  const together = policy.action === 'ALLOW' ? targetingTogether('ALLOW', target, at) : [forms];
  if (together[0] !== forms) return undefined;
  const [first, ...others] = bypassesOf(context, policy, together, target.passages);
  return first && { target, waypoint, first, others };
}
