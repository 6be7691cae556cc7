import type { Gate, Lane, Way } from '../../algebra/lane.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { Point } from '../../mesh/policies/attach.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import type { Enforcement } from '../../mesh/policies/enforcement.js';
import type { PolicyForms } from '../../mesh/policies/policy-forms.js';

/** Where such a gate would stand, and what it would see. */
export interface Post {
  readonly at: MeshCluster;
  readonly point: Point;
  readonly chain: Lane['payload'];
  readonly port: number;
  readonly because: string;
}

/** A gate that no request passes as things are: it holds some policies, and sees the caller and the request. */
export function gateHolding(policies: readonly PolicyForms[], { at, point, chain, port, because }: Post): Gate {
  const enforcement: Enforcement = {
    trustDomains: at.trustDomains,
    peerMode: undefined,
    authentication: [],
    policies: policies.map((forms): CompiledPolicy => forms[chain]),
    refusedProviders: new Map(),
    doubtfulProviders: new Map(),
    unaskedProviders: new Set(),
    notModelled: undefined,
  };
  return {
    hop: { mesh: at, point, chain, peer: { kind: 'caller' }, tunnelled: point.kind === 'waypoint', port, because },
    enforcement,
  };
}

/**
 * Requests are judged as routes have made them. Callers without a certificate are judged as such: an imaginary gate does
 * not turn them away for having none.
 */
export function seenBy(gate: Gate, { representative, arriving }: Way): Gate {
  const seeing = arriving === undefined ? gate : { ...gate, rewritten: arriving };
  if (representative.caller.identity !== null) return seeing;
  return { ...seeing, hop: { ...seeing.hop, peer: { kind: 'nobody' } } };
}
