import { aboutRequests } from '../resolve/conditions.js';
import { assert } from '../util/assert.js';
import { oncePerObject } from '../util/once.js';
import type { DestinationPolicy, Obligation, PolicyIr } from './policy-ir.js';

/** The invariants of the IR, checked after every pass; a broken one is a bug of Ambit. */
export function validateIr(ir: PolicyIr): void {
  let previous = '';
  for (const policy of ir.destinations) {
    const { id } = policy.destination;
    if (id <= previous) assert(false, `destinations are sorted and unique, at ${id}`);
    previous = id;
    validated(policy);
  }
}

const validated = oncePerObject((policy: DestinationPolicy): DestinationPolicy => {
  const { destination, obligations, plaintext, audits } = policy;
  for (const obligation of [...obligations, ...plaintext, ...audits]) validateObligation(obligation, destination.id);
  return policy;
});

function validateObligation({ origin, callers, ports, conditions }: Obligation, destination: string): void {
  const place = `${origin.id} at ${destination}`;
  assert(callers.length > 0, `${place} has callers`);
  assert(ports === undefined || ports.length > 0, `${place} has ports or means every port`);
  assert(
    aboutRequests(conditions).length === 0 || ports !== undefined,
    `${place} matches requests on named ports only`,
  );
  for (const { key, values } of conditions) assert(values.length > 0, `${place} has values for ${key}`);
}
