import type { JsonObject } from '../../parse/document.js';
import { oncePerObject } from '../../util/once.js';
import { asArray, asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import type { Leg, LegEnd, ServiceAt } from './legs.js';

/**
 * A DestinationRule may let connections go to the address that the client chose (`PASSTHROUGH`), whichever pods there are. What a
 * route leads to another Service, port or version then comes to the one that was addressed all the same, which is not followed.
 */
export function withKeptAddresses(mesh: MeshCluster, addressed: ServiceAt, legs: readonly Leg[]): readonly Leg[] {
  const hosts = hostsWithKeptAddresses(mesh);
  if (hosts.length === 0) return legs;
  return legs.map((leg) => {
    const balanced = balancedAt(leg.to);
    if (balanced === undefined || isWhole(balanced, addressed)) return leg;
    const { host: name } = balanced.service;
    const isKept = hosts.some((host) => host === name || isBelow(host, name));
    return isKept ? { ...leg, to: { kind: 'not-modelled', because: kept } } : leg;
  });
}

type Balanced = Pick<Extract<LegEnd, { kind: 'pods' }>, 'service' | 'port' | 'workloads'>;

/** The pods among which a proxy would choose, which may be none. */
function balancedAt(to: LegEnd): Balanced | undefined {
  if (to.kind === 'pods') return to;
  return to.kind === 'answer' && to.podless !== undefined ? { ...to.podless, workloads: [] } : undefined;
}

/** All the pods of the Service and port that are addressed. */
function isWhole({ service, port, workloads }: Balanced, addressed: ServiceAt): boolean {
  return service === addressed.service && port === addressed.port && workloads.length === service.workloads.length;
}

/**
 * A host whose resolution is NONE has no addresses but those that clients choose: what a route leads there from another host goes
 * to the address of that one, which is not followed.
 */
export function withOwnAddresses({ service }: ServiceAt, legs: readonly Leg[]): readonly Leg[] {
  const isElsewhere = ({ to }: Leg) =>
    to.kind === 'external' && to.named.outside.headless && to.named.host !== service.host;
  if (!legs.some(isElsewhere)) return legs;
  return legs.map((leg) => (isElsewhere(leg) ? { ...leg, to: { kind: 'not-modelled', because: chosen } } : leg));
}

const chosen =
  'a route to a host of resolution NONE, for which connections go to the address that the client chose (F-31)';

const kept = 'a DestinationRule lets connections go to the address that the client chose, wherever routes lead (F-11)';

function isBelow(pattern: string, host: string): boolean {
  return pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}

const hostsWithKeptAddresses = oncePerObject(({ versions }: MeshCluster): readonly string[] =>
  versions
    .filter(({ object }) => policiesIn(asObject(object.value.spec) ?? {}).some(keepsAddress))
    .map(({ host }) => host),
);

function policiesIn({ trafficPolicy, subsets }: JsonObject): readonly JsonObject[] {
  const ofSubsets = asArray(subsets).map((subset) => asObject(subset)?.trafficPolicy);
  return [trafficPolicy, ...ofSubsets].flatMap((policy) => {
    const { portLevelSettings, ...whole } = asObject(policy) ?? {};
    return [whole, ...asArray(portLevelSettings).map((port) => asObject(port) ?? {})];
  });
}

function keepsAddress({ loadBalancer }: JsonObject): boolean {
  return asObject(loadBalancer)?.simple === 'PASSTHROUGH';
}
