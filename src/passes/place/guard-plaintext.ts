import type { DestinationPolicy, Obligation, PlacedPolicy } from '../../ir/policy-ir.js';
import { sortedUnique } from '../../util/order.js';
import { blameOf } from './blame.js';
import { podPorts } from './blind-spots.js';
import type { PlaceContext } from './context.js';
import { objectName } from './object-name.js';
import { exactSelectors } from './selectors.js';

/**
 * On an excepted port every plaintext caller gets past mTLS; a denial keeps out all but the named ones, unless somebody is
 * named there who cannot be told from others. Where plaintext is accepted anyway, it is no exception.
 */
export function guardPlaintext(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const { destination, plaintext, mtls } = policy;
  if (mtls?.value !== 'Strict') return [];
  const byPort = new Map<number, Obligation[]>();
  for (const obligation of plaintext)
    for (const port of podPorts(obligation) ?? []) byPort.set(port, [...(byPort.get(port) ?? []), obligation]);
  const guarded = [...byPort].filter(([, obligations]) =>
    obligations.every(({ callers }) => callers.every(({ kind }) => kind === 'addresses')),
  );
  if (guarded.length === 0) return [];
  const rules = guarded
    .sort(([left], [right]) => left - right)
    .map(([port, obligations]) => ({
      origins: obligations.map(({ origin }) => origin),
      sources: [
        {
          notPrincipals: ['*'],
          notIpBlocks: sortedUnique(
            obligations.flatMap(({ callers }) =>
              callers.flatMap((caller) => (caller.kind === 'addresses' ? caller.ipBlocks : [])),
            ),
          ),
        },
      ],
      ports: [port],
      conditions: [],
      why: ['whoever comes without mTLS and is not one of the named callers'],
    }));
  const selectors = exactSelectors(
    context,
    context.clusterOf(policy),
    destination.workloads,
    destination.service,
    blameOf(policy),
  );
  return selectors.map((labels, index) => ({
    cluster: destination.cluster,
    namespace: destination.namespace,
    name: `${objectName(destination)}-plaintext${selectors.length > 1 ? `-${destination.workloads[index]?.name ?? index}` : ''}`,
    attachment: { kind: 'selector', labels },
    effect: 'Deny',
    role: 'rules',
    purpose: `keeps the plaintext ports of ${destination.name} to the callers that are named`,
    rules,
    origins: [],
  }));
}
