import type { Gate, LanePlan } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { seesAddress } from '../../mesh/paths/hops.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceOfDifference, proofOf } from '../evidence.js';
import { withGates } from '../plans.js';
import { testsOf } from '../written.js';

/** A policy by address where requests come out of HBONE: Envoy sees no address of a client there (§1.3). */
export function addressesBehindTunnels(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const test = subject.policy.rules.flatMap(testsOf).find(({ attribute }) => attribute === 'source.ip');
    const evidence = test && decidedWithoutAddress(context, subject);
    if (test === undefined || evidence === undefined) return [];
    const law =
      'behind HBONE a waypoint and a sidecar see an internal address of Envoy: a block that is listed never matches, one that is excluded always does (istio-security §1.3)';
    const parameters = { policy: nameOf(subject.policy), field: test.field };
    return diagnostic('address-unseen', parameters, spanIn(subject.policy.object, test.place), proofOf(evidence, law));
  });
}

/** A request that would be decided otherwise if the address of its client were seen where the policy stands. */
function decidedWithoutAddress(context: LintContext, { policy, sites }: PolicyInMesh): Evidence | undefined {
  const isBlind = ({ hop, enforcement }: Gate) =>
    !seesAddress(hop) && enforcement.policies.some((compiled) => compiled.policy === policy);
  const seeing = (plan: LanePlan) =>
    withGates(plan, (gates) =>
      gates.map((gate) => (isBlind(gate) ? { ...gate, hop: { ...gate.hop, tunnelled: false } } : gate)),
    );
  return firstOf(sites, ({ plan }) => {
    if (!plan.ways.some(({ gates }) => gates.some(isBlind))) return undefined;
    return evidenceOfDifference(context, compare(context, plan, seeing(plan)));
  });
}
