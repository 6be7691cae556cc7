import type { Gate, LanePlan } from '../../algebra/lane.js';
import type { CompiledPolicy, Loss } from '../../mesh/policies/compiled.js';
import type { Enforcement } from '../../mesh/policies/enforcement.js';
import type { Rule } from '../../mesh/policies/policy.js';
import { shownBy } from '../causes/shown.js';
import type { LintContext, PolicyInMesh } from '../context.js';
import type { Evidence } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';
import { isOfToken, ruleAsWritten, testsOf } from '../written.js';
import { type BlindPlane, blindPlaneOf, checkedAt, lossOf } from './blind.js';

/** A rule of which a plane enforces something else than what it says, and a request that shows it. */
interface Misreading {
  readonly subject: PolicyInMesh;
  readonly rule: Rule;
  /** The part that the plane cannot see, and what it makes of it. */
  readonly loss: Loss;
  /** Let through against the rule, or refused without its say. */
  readonly effect: 'slips' | 'refused';
  readonly evidence: Evidence;
}

/** Every rule of an action that reads otherwise on a plane that sees connections only, once for each effect. */
export function misreadingsOf(
  context: LintContext,
  plane: BlindPlane,
  action: CompiledPolicy['action'],
  effect: Misreading['effect'],
): readonly Misreading[] {
  return context.policies
    .filter(({ policy }) => policy.action === action)
    .flatMap((subject) =>
      subject.policy.rules.flatMap((rule) => misreadingOf(context, subject, rule, plane, effect) ?? []),
    );
}

function misreadingOf(
  context: LintContext,
  subject: PolicyInMesh,
  rule: Rule,
  plane: BlindPlane,
  effect: Misreading['effect'],
): Misreading | undefined {
  const loss = lossOf(subject, rule, plane);
  if (loss === undefined) return undefined;
  const evidence = shownBy(
    context,
    { kind: 'reading', plane, rule: rule.place },
    { sites: subject.sites, effects: [effect], meantAt: (site) => planAsWritten(subject, rule, plane, site) },
  );
  return evidence && { subject, rule, loss, effect, evidence };
}

/** The way in if the gates of a plane read this one rule as a proxy that sees requests reads it. */
function planAsWritten(subject: PolicyInMesh, rule: Rule, plane: BlindPlane, { plan, at }: Site): LanePlan {
  const { policy, forms } = subject;
  const blind = (gate: Gate) =>
    blindPlaneOf(gate) === plane && gate.enforcement.policies.some((compiled) => compiled.policy === policy);
  if (!plan.ways.some(({ gates }) => gates.some(blind))) return plan;
  const written = ruleAsWritten(forms, rule, plan.lane.payload);
  const needsToken = testsOf(rule).some(isOfToken);
  return withEnforcement(plan, (gate): Enforcement => {
    if (!blind(gate)) return gate.enforcement;
    const authentication = needsToken ? checkedAt(gate, at) : [];
    const policies = gate.enforcement.policies.map((compiled): CompiledPolicy => {
      if (compiled.policy !== policy) return compiled;
      return { ...compiled, rules: [...compiled.rules.filter(({ place }) => place !== rule.place), ...written] };
    });
    return { ...gate.enforcement, authentication, policies };
  });
}

/** The loss as a note, its citation in full. */
export function lawOf({ why }: Loss): string {
  return why.replace('(§', '(istio-security §');
}
