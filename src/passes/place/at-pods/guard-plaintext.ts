import type { DestinationPolicy, Obligation, PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import { sortBy, sortedUnique } from '../../../util/order.js';
import { podPorts } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';
import { destinationSpan } from '../destination-span.js';
import { objectName } from '../object-name.js';
import { exactSelectors, namedSelectors } from './selectors.js';

/**
 * On an excepted port every plaintext caller gets past mTLS; a denial keeps out all but the named ones, unless somebody is
 * named there who cannot be told from others. Where plaintext is accepted anyway, it is no exception.
 */
export function guardPlaintext(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const { destination, mtls } = policy;
  const rules = mtls?.value === 'Strict' ? guardsOf(policy) : [];
  if (rules.length === 0) return [];
  const { cluster, namespace, workloads, service } = destination;
  const selectors = exactSelectors(context, context.clusterOf(policy), workloads, service, destinationSpan(policy));
  return namedSelectors(`${objectName(destination)}-plaintext`, selectors, workloads).map(({ name, labels }) => ({
    cluster,
    namespace,
    name,
    attachment: { kind: 'selector', labels },
    effect: 'Deny',
    role: 'rules',
    purpose: `keeps the plaintext ports of ${destination.name} to the callers that are named`,
    rules,
    origins: [],
  }));
}

/** One denial for each excepted port whose callers are all known by their addresses. */
function guardsOf({ plaintext }: DestinationPolicy): PlacedRule[] {
  const byPort = new Map<number, Obligation[]>();
  for (const obligation of plaintext)
    for (const port of podPorts(obligation) ?? []) byPort.set(port, [...(byPort.get(port) ?? []), obligation]);
  return sortBy(byPort, ([port]) => port).flatMap(([port, obligations]) => {
    const callers = obligations.flatMap((obligation) => obligation.callers);
    const addresses = callers.filter((caller) => caller.kind === 'addresses');
    if (addresses.length < callers.length) return [];
    return {
      origins: obligations.map(({ origin }) => origin),
      sources: [{ notPrincipals: ['*'], notIpBlocks: sortedUnique(addresses.flatMap(({ ipBlocks }) => ipBlocks)) }],
      ports: [port],
      conditions: [],
      why: ['whoever comes without mTLS and is not one of the named callers'],
    };
  });
}
