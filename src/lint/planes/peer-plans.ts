import type { LanePlan } from '../../algebra/lane.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import type { PeerAuthentication, PeerMode } from '../../mesh/policies/policy.js';
import { withEnforcement } from '../plans.js';

/** The way in if what stands at the pod did what a mode says: STRICT refuses whoever shows no certificate. */
export function withPeerMode(plan: LanePlan, mode: PeerMode, policy: PeerAuthentication): LanePlan {
  const refusal = mode === 'STRICT' ? [withoutIdentity(policy)] : [];
  return withEnforcement(plan, ({ hop, enforcement }) => {
    if (hop.point.kind === 'sidecar') return { ...enforcement, peerMode: mode, notModelled: undefined };
    if (hop.point.kind !== 'ztunnel') return enforcement;
    const others = enforcement.policies.filter((compiled) => compiled.policy.kind !== 'PeerAuthentication');
    return { ...enforcement, policies: [...refusal, ...others], notModelled: undefined };
  });
}

function withoutIdentity(policy: PeerAuthentication): CompiledPolicy {
  const place = ['spec', 'mtls'];
  const condition = {
    attribute: 'source.principal',
    field: 'mtls',
    anyOf: [],
    noneOf: [{ kind: 'non-empty' }],
    place,
  } as const;
  const clauses = [{ alternatives: [{ conditions: [condition] }], place }];
  return { policy, action: 'DENY', provider: undefined, rules: [{ clauses, place }], lost: [] };
}
