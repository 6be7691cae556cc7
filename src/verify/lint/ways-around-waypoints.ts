import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type Service } from '../../topology/model.js';
import { type Bypass, bypassesOf } from './around-waypoint.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from './context.js';
import { inWords, proofOf } from './evidence.js';
import { targetedServices, targetingTogether, targetsPath, waypointOf } from './targets.js';

/** A policy at a waypoint that some callers pass by, with nothing at the pods that would stop them (§4.3, §4.5). */
export function waysAroundWaypoints(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { at, policy } = subject;
    const served = targetedServices(policy, at).filter((service) => waypointOf(service, at) !== undefined);
    const found = firstOf(served, (service) => waysAround(context, subject, service));
    if (found === undefined) return [];
    const [first, ...others] = found.bypasses;
    const waypoint = waypointOf(found.service, at);
    if (first === undefined || waypoint === undefined) return [];
    const further = others.map(({ law, evidence }) => `${law}: ${inWords(evidence)}`);
    const parameters = { policy: nameOf(policy), service: keyOf(found.service), waypoint: keyOf(waypoint) };
    const span = spanIn(policy.object, targetsPath(policy.object));
    return diagnostic('way-around-waypoint', parameters, span, {
      ...proofOf(first.evidence, first.law, ...further),
      ...(first.help !== undefined && { help: first.help }),
    });
  });
}

/** ALLOW policies decide together, so one of them speaks for all; every other policy decides alone. */
function waysAround(
  context: LintContext,
  { at, policy, forms }: PolicyInMesh,
  service: Service,
): { readonly service: Service; readonly bypasses: readonly Bypass[] } | undefined {
  const together = policy.action === 'ALLOW' ? targetingTogether('ALLOW', service, at) : [forms];
  if (together[0] !== forms) return undefined;
  const bypasses = bypassesOf(context, policy, together, context.sitesBehind.get(service) ?? []);
  return bypasses.length === 0 ? undefined : { service, bypasses };
}
