import type { Obligation, PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import { sortBy, sortedUnique } from '../../../util/order.js';
import { clusterOf } from '../../clusters.js';
import { podPorts } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';
import { mtlsGroups } from './pod-mtls.js';
import { exactSelectors, namedSelectors } from './selectors.js';

/**
 * On an excepted port every plaintext caller gets past mTLS; a denial keeps out all but the named ones, unless somebody is
 * named there who cannot be told from others. Where plaintext is accepted anyway, it is no exception.
 */
export function guardPlaintext(context: PlaceContext): PlacedPolicy[] {
  return mtlsGroups(context).flatMap(({ cluster, namespace, workloads, service, mode, exceptions, ...group }) => {
    const rules = mode === 'Strict' ? guardsOf(exceptions) : [];
    if (rules.length === 0) return [];
    const selectors = exactSelectors(context, clusterOf(context.ir.topology, cluster), workloads, service, group.span);
    return namedSelectors(`${group.name}-plaintext`, selectors, workloads).map(({ name, labels }) => ({
      cluster,
      namespace,
      name,
      attachment: { kind: 'selector', labels },
      effect: 'Deny',
      role: 'rules',
      purpose: `keeps the plaintext ports of ${service?.name ?? workloads[0]?.name} to the callers that are named`,
      rules,
      origins: [],
    }));
  });
}

/** One denial for each excepted port whose callers are all known by their addresses. */
function guardsOf(exceptions: readonly Obligation[]): PlacedRule[] {
  const byPort = new Map<number, Obligation[]>();
  for (const obligation of exceptions)
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
