import { bit, none } from '../../algebra/bits.js';
import type { LanePlan } from '../../algebra/lane.js';
import { boxSet, intersect } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { accountOf, type Identity, principalOf } from '../../mesh/identity.js';
import type { CompiledRule, Condition } from '../../mesh/policies/compiled.js';
import { envoyMatchers } from '../../mesh/policies/envoy-matchers.js';
import { conditionHolds } from '../../mesh/policies/evaluate.js';
import { matches } from '../../mesh/policies/matcher.js';
import { known, unknown } from '../../mesh/truth.js';
import { see, type View } from '../../mesh/view.js';
import { isWithin } from '../../parse/document.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceOfDifference, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import { isIdentity } from '../written.js';
import { type WrittenValue, writtenValues } from './written-values.js';

/** A caller that a policy names, and that is not in the mesh: it shows no certificate, so nobody knows that it is meant (§1.3). */
export function callersWithoutCertificate(context: LintContext): readonly Diagnostic[] {
  const outsiders = outsidersOf(context);
  if (outsiders.length === 0) return [];
  const attributes = ['source.principal', 'source.serviceAccount', 'source.namespace'] as const;
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, (value) => value !== '*').flatMap((written) => {
      const found = firstOf(onlyOutsiders(context, written, outsiders), (outsider) => {
        const evidence = unrecognised(context, written, outsider);
        return evidence && { outsider, evidence };
      });
      if (found === undefined) return [];
      const { workload } = found.outsider;
      const parameters = {
        policy: nameOf(written.subject.policy),
        value: written.value,
        workload: keyOf(workload),
      };
      const law = 'identities come from certificates, and only workloads of the mesh have one (istio-security §1.3)';
      const reason = `\`${keyOf(workload)}\` is outside the mesh: ${workload.mode.because} (${workload.mode.fact})`;
      const proof = proofOf(found.evidence, law, reason);
      return diagnostic('caller-without-certificate', parameters, written.span, proof);
    }),
  );
}

/** A workload outside the mesh, and whom its certificate would name. */
interface Outsider {
  readonly workload: Workload;
  /** Its place among the callers. */
  readonly index: number;
  readonly identity: Identity;
}

function outsidersOf({ mesh, callers }: LintContext): readonly Outsider[] {
  return callers.classes.flatMap(({ source, caller }, index) => {
    if (source.kind !== 'workload' || caller.identity !== null) return [];
    const at = mesh.clusters.get(source.cluster);
    const workload = at?.cluster.workloads.get(source.workload);
    if (at === undefined || workload === undefined) return [];
    const { namespace, serviceAccount } = workload;
    // Without its labels nobody knows whether a namespace is in the mesh, and that is told of the namespace.
    if (at.cluster.namespaces.get(namespace)?.object === undefined) return [];
    return [{ workload, index, identity: { trustDomain: at.cluster.settings.trustDomain, namespace, serviceAccount } }];
  });
}

/** Whom a value names, if all of them are outside the mesh. */
function onlyOutsiders(
  { callers }: LintContext,
  { subject: { at, policy }, test: { attribute }, value }: WrittenValue,
  outsiders: readonly Outsider[],
): readonly Outsider[] {
  const { version } = at.cluster.settings.istio;
  const surroundings = { namespace: policy.namespace, trustDomains: at.trustDomains, version };
  const matchers = envoyMatchers(attribute, value, surroundings);
  const compared = attribute === 'source.namespace' ? 'source.principal' : attribute;
  if (matchers.some((matcher) => callers.matching(compared, matcher).possibly !== none)) return [];
  return outsiders.filter(({ workload, identity }) => {
    const shown = compared === 'source.principal' ? principalOf(identity) : accountOf(identity);
    return workload.cluster === at.cluster.name && matchers.some((matcher) => matches(matcher, shown) === 'yes');
  });
}

/** A request of the outsider that is decided otherwise than it would be if its certificate were known. */
function unrecognised(context: LintContext, written: WrittenValue, outsider: Outsider): Evidence | undefined {
  return firstOf(written.subject.sites, ({ plan }) => {
    const comparison = compare(context, plan, recognising(plan, written, outsider));
    const own = boxSet(comparison.space.shape, new Map([[0, bit(outsider.index)]]));
    const slips = intersect(comparison.slips, own);
    const refused = intersect(comparison.refused, own);
    return evidenceOfDifference(context, { ...comparison, slips, refused });
  });
}

function recognising(plan: LanePlan, { subject, test }: WrittenValue, { identity }: Outsider): LanePlan {
  return withPolicy(plan, subject.policy, (compiled) => ({
    ...compiled,
    rules: compiled.rules.map((rule) => (isWithin(test.place, rule.place) ? asKnown(rule, identity) : rule)),
  }));
}

/** The rule for one caller whose identity is known: what it asks of the identity holds, or does not. */
function asKnown({ clauses, place }: CompiledRule, identity: Identity): CompiledRule {
  const view: View = {
    principal: known(identity),
    sourceIp: unknown('the address of the caller'),
    destinationIp: unknown('the address of the pod'),
    destinationPort: 0,
    http: undefined,
  };
  const holds = (condition: Condition) => conditionHolds(condition, see(view, condition.attribute)) === 'yes';
  return {
    place,
    clauses: clauses.map((clause) => ({
      ...clause,
      alternatives: clause.alternatives
        .filter(({ conditions }) => conditions.filter(isIdentity).every(holds))
        .map(({ conditions }) => ({ conditions: conditions.filter((condition) => !isIdentity(condition)) })),
    })),
  };
}
