import type { Hop } from '../mesh/paths/hops.js';
import type { Condition } from '../mesh/policies/compiled.js';
import { oncePerObject } from '../util/once.js';

/** A condition on the address of the client as one on the caller's own, which it is where a gateway is told how to find it (§1.3). */
export const ofClientAddress = oncePerObject((condition: Condition): Condition => {
  return condition.attribute === 'remote.ip' ? { ...condition, attribute: 'source.ip' } : condition;
});

/** Whether an enforcement point takes the client's address for what it is. */
export function seesClient({ addresses }: Hop): boolean {
  return addresses?.client === 'caller';
}
