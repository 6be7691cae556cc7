import type { Gate, LanePlan } from '../../algebra/lane.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { requestAuthenticationAt } from '../../mesh/policies/attach.js';
import type { CompiledPolicy, Loss } from '../../mesh/policies/compiled.js';
import type { Enforcement } from '../../mesh/policies/enforcement.js';
import type { Rule } from '../../mesh/policies/policy.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';
import { isOfToken, ruleAsWritten, testsOf } from '../written.js';

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

type BlindPlane = 'ztunnel' | 'tcp';

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
  const evidence = firstOf(subject.sites, (site) => {
    const meant = planAsWritten(subject, rule, plane, site);
    if (meant === site.plan) return undefined;
    const comparison = compare(context, site.plan, meant);
    return evidenceIn(context.mesh, comparison, comparison[effect], effect === 'slips' ? 'allowed' : 'denied');
  });
  return evidence && { subject, rule, loss, effect, evidence };
}

/** What the plane itself says it loses; ztunnel loses trust domains without a word (§2.3). */
function lossOf({ forms }: PolicyInMesh, rule: Rule, plane: BlindPlane): Loss | undefined {
  const tests = testsOf(rule);
  const told = forms[plane]?.lost.find(({ place }) => tests.some((test) => test.place === place));
  if (told !== undefined || plane === 'tcp') return told;
  const unsaid = tests.find(({ attribute }) => attribute === 'source.trustDomain');
  return unsaid && { place: unsaid.place, why: 'ztunnel leaves `trustDomains` out without a word (§2.3)' };
}

/** The way in if the gates of a plane read this one rule as a proxy that sees requests reads it. */
function planAsWritten(subject: PolicyInMesh, rule: Rule, plane: BlindPlane, { plan, at }: Site): LanePlan {
  const { policy, forms } = subject;
  const blind = ({ hop, enforcement }: Gate) =>
    isOfPlane(hop, plane) && enforcement.policies.some((compiled) => compiled.policy === policy);
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

/** The tokens that would be checked if a proxy stood there that sees requests. */
function checkedAt({ hop: { point } }: Gate, at: MeshCluster): Enforcement['authentication'] {
  const seeing = point.kind === 'ztunnel' ? { kind: 'sidecar' as const, workload: point.workload } : point;
  return requestAuthenticationAt(seeing, at);
}

function isOfPlane({ point, chain }: Gate['hop'], plane: BlindPlane): boolean {
  return plane === 'ztunnel' ? point.kind === 'ztunnel' : point.kind !== 'ztunnel' && chain === 'tcp';
}

/** The loss as a note, its citation in full. */
export function lawOf({ why }: Loss): string {
  return why.replace('(§', '(istio-security §');
}
