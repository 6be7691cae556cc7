import type { Gate, LanePlan, Way } from '../algebra/lane.js';
import type { CompiledPolicy } from '../mesh/policies/compiled.js';
import type { Enforcement } from '../mesh/policies/enforcement.js';
import { oncePer } from '../util/once.js';

/** The plan if its gates were others. */
export function withGates(plan: LanePlan, change: (gates: readonly Gate[], way: Way) => readonly Gate[]): LanePlan {
  return { ...plan, ways: plan.ways.map((way) => ({ ...way, gates: change(way.gates, way) })) };
}

/** The plan if enforcement were another at some gates. One enforcement changes once, however many ways meet it. */
export function withEnforcement(plan: LanePlan, change: (gate: Gate) => Enforcement): LanePlan {
  const changed = oncePer(change, ({ enforcement }) => enforcement);
  return withGates(plan, (gates) => gates.map((gate) => ({ ...gate, enforcement: changed(gate) })));
}

/** The plan if one policy were another wherever it is enforced. */
export function withPolicy(
  plan: LanePlan,
  policy: CompiledPolicy['policy'],
  change: (compiled: CompiledPolicy, gate: Gate) => CompiledPolicy,
): LanePlan {
  return withEnforcement(plan, (gate) => {
    const { policies } = gate.enforcement;
    if (!policies.some((compiled) => compiled.policy === policy)) return gate.enforcement;
    return {
      ...gate.enforcement,
      policies: policies.map((compiled) => (compiled.policy === policy ? change(compiled, gate) : compiled)),
    };
  });
}

/** An enforcement of some policies and nothing else, which accepts every certificate that the gate accepts. */
export function enforcing(policies: readonly CompiledPolicy[], { enforcement }: Gate): Enforcement {
  return { ...enforcement, peerMode: undefined, authentication: [], notModelled: undefined, policies };
}
