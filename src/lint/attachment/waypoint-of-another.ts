import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Origin } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { keyOf, type Service } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { ingressPast } from '../routes/ingress-past-policies.js';
import { unaskedAtWaypoint } from './around-waypoint.js';
import { type PathBeside, pathsBeside } from './paths-beside.js';
import { type Target, targetingTogether, targetsOf, targetsPath } from './targets.js';

const law =
  'at a waypoint the policies of the Service that is addressed are asked, and no others (istio-traffic-topology T-23)';

/** A policy for a Service at its waypoint, and requests to another one that come to the same pods without being asked (T-23). */
export function waypointOfAnother(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const targets = targetsOf(context, subject.policy, subject.at);
    const found = firstOf(targets, (target) => comingBeside(context, subject, target));
    return found === undefined ? [] : [finding(subject, found)];
  });
}

interface Coming {
  readonly service: Service;
  readonly path: PathBeside;
  readonly evidence: Evidence;
}

/** ALLOW policies decide together, so one of them speaks for all; every other policy decides alone. */
function comingBeside(context: LintContext, subject: PolicyInMesh, target: Target): Coming | undefined {
  const { at, policy, forms } = subject;
  const { object, waypoint } = target;
  if (waypoint === undefined || !('workloads' in object)) return undefined;
  const together = policy.action === 'ALLOW' ? targetingTogether('ALLOW', target, at) : [forms];
  if (together[0] !== forms) return undefined;
  return firstOf(pathsBeside(context, object), (path) => {
    const evidence = unaskedAtWaypoint(context, policy, together, path);
    if (evidence === undefined || comesFromOutside(context, subject, object, path)) return undefined;
    return { service: object, path, evidence };
  });
}

/** That a gateway leads there by the name of the other Service matters more, and has a finding of its own. */
function comesFromOutside(
  context: LintContext,
  subject: PolicyInMesh,
  service: Service,
  { other }: PathBeside,
): boolean {
  return ingressPast(context, subject, service)?.detour.other === other;
}

function finding({ policy }: PolicyInMesh, { service, path, evidence }: Coming): Diagnostic {
  const parameters = { policy: nameOf(policy), service: keyOf(service), other: keyOf(path.other) };
  const span = spanIn(policy.object, targetsPath(policy.object));
  const proof = proofOf(evidence, law);
  const rule = ruleOf(evidence);
  if (rule === undefined) return diagnostic('policy-past-by-service', parameters, span, proof);
  const place = { message: 'the rule that leads there is here', span: spanIn(rule.object, rule.place) };
  const route = describe(rule.object);
  const notes = [...(proof.notes ?? []), place];
  return diagnostic('policy-past-by-route', { ...parameters, route }, span, { ...proof, notes });
}

/** The last rule that decided where the request goes. */
function ruleOf({ way }: Evidence): Origin | undefined {
  return way?.behind?.leg.step?.rule ?? way?.client.step?.rule;
}
