import { writtenOf } from '../algebra/answers.js';
import type { Gate, LanePlan } from '../algebra/lane.js';

/** A way as it would be if every AuthorizationPolicy let everything through: what is left is who may speak plaintext. */
export function byHandshakeAlone({ lane, ways }: LanePlan): LanePlan {
  return { lane, ways: ways.map((way) => ({ ...way, gates: way.gates.map(ofHandshake) })) };
}

/** A way as it would be if nothing on it let anybody in or kept anybody out: what is left is whether there is one. */
export function withoutGates({ lane, ways }: LanePlan): LanePlan {
  return { lane, ways: ways.map((way) => ({ ...way, gates: [] })) };
}

function ofHandshake(gate: Gate): Gate {
  const { enforcement } = gate;
  const policies = enforcement.policies.filter((policy) => writtenOf(policy).kind === 'PeerAuthentication');
  const nobody = new Map<string, string>();
  return {
    ...gate,
    enforcement: { ...enforcement, policies, authentication: [], refusedProviders: nobody, doubtfulProviders: nobody },
  };
}
