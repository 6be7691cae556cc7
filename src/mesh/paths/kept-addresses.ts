import type { JsonObject } from '../../parse/document.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { asArray, asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import type { Leg, LegEnd, ServiceAt } from './legs.js';
import { keepsAddress } from './tls-settings.js';

/**
 * To a Service without virtual IP a sidecar lets connections go to the address that the client chose, and a DestinationRule may
 * have it so for others (`PASSTHROUGH`), whichever pods there are. What a route, or the Host header, leads to another Service, port
 * or version then comes to the one that was addressed all the same, which is not followed (F-11).
 */
export function withKeptAddresses(mesh: MeshCluster, addressed: ServiceAt, legs: readonly Leg[]): readonly Leg[] {
  return legs.map((leg) => {
    const balanced = balancedAt(leg.to);
    const isAsAddressed = balanced === undefined || isWhole(balanced, addressed);
    return isAsAddressed ? leg : { ...leg, to: unlessKept(mesh, leg.to) };
  });
}

/**
 * The same where the address of a pod was chosen: what is led to a Service without virtual IP comes to that pod, if it is one of its
 * own.
 */
export function withAddressOfPod(mesh: MeshCluster, workload: Workload, legs: readonly Leg[]): readonly Leg[] {
  return legs.map((leg) => {
    const balanced = balancedAt(leg.to);
    const isOwn = balanced?.service.headless === true && balanced.workloads.includes(keyOf(workload));
    return isOwn && isWhole(balanced, balanced) ? leg : { ...leg, to: unlessChosen(unlessKept(mesh, leg.to)) };
  });
}

/** A waypoint was asked for the address of a Service, to which connections would come back (F-11). */
export function unlessKept(mesh: MeshCluster, to: LegEnd): LegEnd {
  const { service } = balancedAt(to) ?? {};
  if (service === undefined) return to;
  if (service.headless) return { kind: 'not-modelled', because: withoutVirtualIp };
  const isKept = hostsWithKeptAddresses(mesh).some((host) => host === service.host || isBelow(host, service.host));
  return isKept ? { kind: 'not-modelled', because: kept } : to;
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
  if (!legs.some(({ to }) => unlessChosen(to, service.host) !== to)) return legs;
  return legs.map((leg) => ({ ...leg, to: unlessChosen(leg.to, service.host) }));
}

function unlessChosen(to: LegEnd, addressed?: string): LegEnd {
  const isElsewhere = to.kind === 'external' && to.named.outside.headless && to.named.host !== addressed;
  return isElsewhere ? { kind: 'not-modelled', because: chosen } : to;
}

const chosen =
  'a route to a host of resolution NONE, for which connections go to the address that the client chose (F-31)';

const withoutVirtualIp =
  'a Service without virtual IP, for which connections go to the address that the client chose, wherever routes lead (F-11)';

const kept = 'a DestinationRule lets connections go to the address that the client chose, wherever routes lead (F-11)';

function isBelow(pattern: string, host: string): boolean {
  return pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}

const hostsWithKeptAddresses = oncePerObject(({ versions }: MeshCluster): readonly string[] =>
  versions
    .filter(({ object }) => policiesIn(asObject(object.value.spec) ?? {}).some(keepsAddress))
    .map(({ host }) => host),
);

function policiesIn({ trafficPolicy, subsets }: JsonObject): readonly (JsonObject | undefined)[] {
  const ofSubsets = asArray(subsets).map((subset) => asObject(subset)?.trafficPolicy);
  return [trafficPolicy, ...ofSubsets].flatMap((policy) => {
    const { portLevelSettings, ...whole } = asObject(policy) ?? {};
    return [whole, ...asArray(portLevelSettings).map(asObject)];
  });
}
