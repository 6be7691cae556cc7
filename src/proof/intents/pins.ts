import { policySet } from '../../algebra/gate-sets.js';
import type { Gate, LanePlan } from '../../algebra/lane.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../../algebra/request-set.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import type { Pin } from '../../parse/ast.js';
import type { ManifestObject } from '../../parse/document.js';
import { here, isAddressed } from './bounds.js';
import type { Grant } from './grant.js';
import { grantedSet } from './granted.js';
import type { Situation } from './situation.js';

/** Requests of a pinned rule that are decided where it may not be, or come in without being asked about where it must be. */
export interface PinDifference {
  readonly grant: Grant;
  readonly pin: Pin;
  readonly requests: RequestSet;
  /** What decides elsewhere; absent where nothing decides at all. */
  readonly decided?: { readonly point: Gate['hop']['point']['kind']; readonly policy: ManifestObject };
}

/**
 * A rule is decided by the policies that match what it means, each of its own kind: an ALLOW lets in, a DENY refuses, a CUSTOM
 * asks. A proxy that sees another one instead of the caller decides about that one, and not by the rule.
 */
export function pinDifferences(situation: Situation, passing: () => RequestSet): readonly PinDifference[] {
  const pinned = (grants: readonly Grant[]) => here(situation, grants).filter(({ rule }) => rule.pin !== undefined);
  const { allow, deny, asked } = situation.demand;
  const admitted = pinned(allow).filter((grant) => isAddressed(situation, grant));
  return [
    ...admitted.flatMap((grant) => {
      const elsewhere = decidedElsewhere(situation, grant, 'ALLOW');
      return elsewhere.length > 0 ? elsewhere : letInUnasked(situation, grant, passing());
    }),
    ...pinned(deny).flatMap((grant) => decidedElsewhere(situation, grant, 'DENY')),
    ...pinned(asked).flatMap((grant) => decidedElsewhere(situation, grant, 'CUSTOM')),
  ];
}

function decidedElsewhere(
  situation: Situation,
  grant: Grant,
  action: CompiledPolicy['action'],
): readonly PinDifference[] {
  const { pin } = grant.rule;
  if (pin === undefined) return [];
  const meant = meantBy(situation, grant);
  return gatesOf(situation.plan)
    .filter(({ gate }) => !permits(pin, gate))
    .flatMap(({ gate, callers }) =>
      policiesAt(gate, action).flatMap((policy) => {
        const matched = policySet(policy, { ...gate, space: situation.space }, 'possibly');
        const requests = intersect(matched, meant, boxSet(situation.space.shape, new Map([[0, callers]])));
        const decided = { point: gate.hop.point.kind, policy: policy.policy.object };
        return isEmpty(requests) ? [] : [{ grant, pin, requests, decided }];
      }),
    );
}

/** What is let through on ways where no place that the pin names has let it in. */
function letInUnasked(situation: Situation, grant: Grant, passing: RequestSet): readonly PinDifference[] {
  const { pin } = grant.rule;
  if (pin?.mode !== 'only') return [];
  const { shape } = situation.space;
  const asked = gatesOf(situation.plan)
    .filter(({ gate }) => permits(pin, gate))
    .flatMap(({ gate, callers }) =>
      policiesAt(gate, 'ALLOW').map((policy) =>
        intersect(
          policySet(policy, { ...gate, space: situation.space }, 'possibly'),
          boxSet(shape, new Map([[0, callers]])),
        ),
      ),
    );
  const requests = subtract(intersect(meantBy(situation, grant), passing), union(emptySet(shape), ...asked));
  return isEmpty(requests) ? [] : [{ grant, pin, requests }];
}

function meantBy(situation: Situation, grant: Grant): RequestSet {
  return grantedSet(situation, grant, { extent: 'some', conditions: 'held' });
}

function permits({ mode, points }: Pin, { hop }: Gate): boolean {
  const isNamed = points.some((name) => name.toLowerCase() === hop.point.kind);
  return mode === 'only' ? isNamed : !isNamed;
}

function gatesOf({ ways }: LanePlan) {
  return ways.flatMap(({ gates, callers, stop }) =>
    stop === undefined ? gates.filter(({ hop }) => hop.peer.kind !== 'proxy').map((gate) => ({ gate, callers })) : [],
  );
}

/** Of mutual TLS a PeerAuthentication decides, and no rule. */
function policiesAt({ enforcement }: Gate, action: CompiledPolicy['action']): readonly CompiledPolicy[] {
  return enforcement.policies.filter(
    (each) => each.action === action && each.policy.object.kind === 'AuthorizationPolicy',
  );
}
