import { none } from '../../algebra/bits.js';
import { type GateView, policySet } from '../../algebra/gate-sets.js';
import { comparedBy } from '../../algebra/lane.js';
import { intersect, isEmpty } from '../../algebra/request-set.js';
import { realRequests } from '../../algebra/universe.js';
import { type Details, diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Clause, CompiledRule, Condition } from '../../mesh/policies/compiled.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceOfDifference, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import { hasMisspelling } from '../values/misspelt.js';
import { isIdentity, isOfToken, keeping } from '../written.js';

/** A rule whose parts contradict each other: no request satisfies all of them (§1.1). */
export function rulesThatNeverMatch(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) =>
    subject.forms.http.rules
      .filter((rule) => isOfOnePiece(subject, rule) && namesCallers(context, rule))
      .filter((rule) => contradictsItself(context, subject, rule))
      .map((rule) => {
        const span = spanIn(subject.policy.object, [...rule.place, firstPart(rule)], 'key');
        return diagnostic(
          'rule-never-matches',
          { policy: nameOf(subject.policy) },
          span,
          proofFor(context, subject, rule),
        );
      }),
  );
}

/** Values that nobody has, and tokens that nobody reads, are told one by one. */
function isOfOnePiece({ at, policy }: PolicyInMesh, rule: CompiledRule): boolean {
  if (
    policy.rules.some(
      (written) => written.place === rule.place && hasMisspelling(written, at.cluster.settings.istio.pathNormalization),
    )
  )
    return false;
  return at.requestAuthentication.size > 0 || !conditionsIn(rule).some(isOfToken);
}

function proofFor(context: LintContext, subject: PolicyInMesh, rule: CompiledRule): Details {
  const law = '`from`, `to` and every `when` must hold together (istio-security §1.1)';
  const near = firstOf([...rule.clauses].reverse(), (clause) => nearMiss(context, subject, rule, clause));
  const unseen = 'no request shows it: without any one part, the rule changes nothing either';
  if (near === undefined) return proofOf(undefined, law, unseen);
  return proofOf(
    near.evidence,
    law,
    `of this rule the request satisfies everything but \`${nameOfPart(near.clause)}\``,
  );
}

interface NearMiss {
  readonly clause: Clause;
  readonly evidence: Evidence;
}

/** A request that satisfies all parts but one, and that the rule would have decided without it. */
function nearMiss(
  context: LintContext,
  { policy, sites }: PolicyInMesh,
  { place, clauses }: CompiledRule,
  clause: Clause,
): NearMiss | undefined {
  const others = clauses.filter((other) => other !== clause);
  const evidence = firstOf(sites, ({ plan }) => {
    const meant = withPolicy(plan, policy, (compiled) => ({
      ...compiled,
      rules: compiled.rules.map((rule) => (rule.place === place ? { place, clauses: others } : rule)),
    }));
    return evidenceOfDifference(context, compare(context, plan, meant));
  });
  return evidence && { clause, evidence };
}

function nameOfPart({ alternatives }: Clause): string {
  return alternatives.flatMap(({ conditions }) => conditions.map(({ field }) => field)).join('`, `');
}

function firstPart({ clauses, place }: CompiledRule): string {
  return String(clauses[0]?.place[place.length] ?? 'from');
}

/** Identities that no caller has are told one by one; waypoints are no callers, and other trust domains are not given. */
function namesCallers({ callers }: LintContext, rule: CompiledRule): boolean {
  if (conditionsIn(rule).some(({ attribute }) => attribute === 'source.trustDomain')) return false;
  const identities = conditionsIn(rule).filter((condition) => isIdentity(condition) && condition.anyOf.length > 0);
  return identities.every(({ attribute, anyOf }) =>
    anyOf.some((matcher) => callers.matching(attribute, matcher).possibly !== none),
  );
}

function conditionsIn(rule: CompiledRule): readonly Condition[] {
  return rule.clauses.flatMap(({ alternatives }) => alternatives.flatMap(({ conditions }) => conditions));
}

/** Whatever its port is, and whoever validates its tokens. */
function contradictsItself(context: LintContext, { at, forms }: PolicyInMesh, rule: CompiledRule): boolean {
  const policy = { ...forms.http, rules: [keeping(rule, ({ attribute }) => attribute !== 'destination.port')] };
  const space = context.spaceOf(comparedBy(policy));
  const [workload] = at.cluster.workloads.values();
  if (workload === undefined) return false;
  const point = { kind: 'sidecar', workload } as const;
  const hop = {
    mesh: at,
    point,
    chain: 'http',
    peer: { kind: 'caller' },
    tunnelled: false,
    port: 0,
    because: 'any sidecar',
  } as const;
  const authentication = [...at.requestAuthentication.values()].flat();
  const gate: GateView = {
    hop,
    space,
    enforcement: {
      trustDomains: at.trustDomains,
      peerMode: undefined,
      authentication,
      policies: [policy],
      refusedProviders: new Map(),
      doubtfulProviders: new Map(),
      unaskedProviders: new Set(),
      notModelled: undefined,
    },
  };
  return isEmpty(intersect(realRequests(context.mesh, space), policySet(policy, gate, 'possibly')));
}
