import { intersect, isEmpty, type RequestSet } from '../../algebra/request-set.js';
import { here, promisedAtAll, promisedBy } from './bounds.js';
import type { Grant } from './grant.js';
import { grantedSet } from './granted.js';
import { levelOf } from './layers.js';
import type { Situation } from './situation.js';

/** Requests that a mandate allows, and a rule of a narrower scope denies. */
export interface DeniedMandate {
  readonly mandate: Grant;
  readonly denial: Grant;
  readonly requests: RequestSet;
}

export function deniedMandates(situation: Situation): readonly DeniedMandate[] {
  const { allow, deny } = situation.demand;
  const mandates = allow.filter(({ rule }) => rule.mandate !== undefined);
  if (mandates.length === 0) return [];
  const promisedHere = promisedAtAll(situation);
  return here(situation, mandates).flatMap((mandate) => {
    const promised = intersect(promisedBy(situation, mandate), promisedHere);
    const narrower = here(situation, deny).filter(
      ({ rule }) => levelOf(rule.scope.kind) > levelOf(mandate.rule.scope.kind),
    );
    return narrower
      .map((denial) => {
        const denied = grantedSet(situation, denial, { extent: 'some', conditions: 'held' });
        return { mandate, denial, requests: intersect(promised, denied) };
      })
      .filter(({ requests }) => !isEmpty(requests));
  });
}
