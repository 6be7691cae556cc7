import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation, PolicyIr } from '../../ir/policy-ir.js';
import type { Acceptance, AcceptancePath, AcceptedGap } from '../../parse/acceptance.js';
import type { MtlsMode } from '../../parse/ast.js';
import type { Caller, Destination, Setting, Source } from '../../resolve/resolved.js';
import { nearestOf } from '../../resolve/scopes.js';
import { indexSources } from '../../resolve/sources.js';
import { type Cluster, keyInMesh, type Topology, type Workload } from '../../topology/model.js';
import { workloadsByNamespace } from '../../topology/workloads-by-namespace.js';
import { assert } from '../../util/assert.js';
import type { Recall } from '../../util/memory.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { clusterOf } from '../clusters.js';
import { hasOwnPeerAuthentication } from './own-peer-authentication.js';

/** What placing one destination needs to know about the rest of the mesh, and where it reports. */
export interface PlaceContext {
  readonly ir: PolicyIr;
  readonly sources: readonly Source[];
  /** Denials of requests, by `cluster/namespace/name` of the workloads they protect. */
  readonly denials: ReadonlyMap<string, readonly Obligation[]>;
  /** Identities of the waypoints that forward to them, by the same keys. */
  readonly waypoints: ReadonlyMap<string, readonly string[]>;
  /** Those that some destination leaves open by default, by the same keys. */
  readonly open: ReadonlySet<string>;
  /** Allows that need no identity, by the same keys. */
  readonly openings: ReadonlyMap<string, readonly Obligation[]>;
  /** Destinations that are closed by a default of their own, and not by their namespace's or the mesh's; by the same keys. */
  readonly closed: ReadonlyMap<string, readonly DestinationPolicy[]>;
  /** The destinations that ask for a PeerAuthentication of their own for them, by the same keys. */
  readonly ownMtls: ReadonlyMap<string, readonly DestinationPolicy[]>;
  /** The destinations behind the waypoints of each namespace, by `cluster/namespace` of the waypoint. */
  readonly behindWaypoints: ReadonlyMap<string, readonly DestinationPolicy[]>;
  /** The modes that settings of the mesh and of namespaces give. */
  mtlsOf(destination: Destination): Setting<MtlsMode> | undefined;
  /** The settings of the mesh. */
  readonly mesh: Topology['mesh'];
  clusterOf(policy: DestinationPolicy): Cluster;
  /** What stands around the workloads of its cluster, and stays what it is while these move. */
  around(policy: DestinationPolicy): Surroundings;
  /** Every workload that a selector in this namespace could match. */
  workloadsIn(cluster: string, namespace: string): readonly Workload[];
  report(diagnostic: Diagnostic): void;
  /** The gaps that were found and are accepted, so far, each once. */
  readonly acceptedGaps: ReadonlyMap<string, AcceptedGap>;
  /** Whether the author of a rule or setting took responsibility for a gap. */
  accepts(promise: Pick<Obligation, 'accept' | 'origin'>, path: AcceptancePath, gap: string): Acceptance | undefined;
}

/** What of a cluster is asked about most destinations. */
export type Surroundings = Pick<Cluster, 'name' | 'settings' | 'gateways' | 'policies' | 'routes'>;

export function placeContext(ir: PolicyIr, recall: Recall, report: (diagnostic: Diagnostic) => void): PlaceContext {
  const surroundings = new Map(ir.topology.clusters.map((cluster) => [cluster.name, surroundingsOf(cluster, recall)]));
  const told = new Set<string>();
  const acceptedGaps = new Map<string, AcceptedGap>();
  return {
    ir,
    mtlsOf: nearestOf(ir.mtls),
    sources: indexSources(ir.topology).all,
    denials: indexDenials(ir),
    waypoints: indexWaypoints(ir),
    open: new Set(
      indexByWorkload(ir.destinations, (policy) => (policy.default?.value === 'Deny' ? [] : [policy])).keys(),
    ),
    openings: indexOpenings(ir),
    closed: indexClosed(ir),
    ownMtls: indexOwnMtls(ir),
    behindWaypoints: groupBy(
      ir.destinations.filter(({ waypoint }) => waypoint !== undefined),
      ({ waypoint }) => `${waypoint?.cluster}/${waypoint?.namespace}`,
    ),
    acceptedGaps,
    mesh: ir.topology.mesh,
    clusterOf: ({ destination }) => clusterOf(ir.topology, destination.cluster),
    around: ({ destination: { cluster } }) => {
      const around = surroundings.get(cluster);
      assert(around !== undefined, `cluster ${cluster} is in the topology`);
      return around;
    },
    workloadsIn: (cluster, namespace) =>
      workloadsByNamespace(clusterOf(ir.topology, cluster).workloads).get(namespace) ?? [],
    report: (found) => {
      const key = `${found.code} ${found.message} ${found.span?.file.path ?? ''}:${found.span?.start ?? ''}`;
      if (told.has(key)) return;
      told.add(key);
      report(found);
    },
    accepts: ({ accept, origin }, path, gap) => {
      const acceptance = accept.find(({ what }) => what === path);
      if (acceptance === undefined) return undefined;
      const said = `${origin.id}: ${gap}`;
      acceptedGaps.set(`${path} ${said}`, { acceptance, gap: said });
      return acceptance;
    },
  };
}

function surroundingsOf({ name, settings, gateways, policies, routes }: Cluster, recall: Recall): Surroundings {
  const inputs = [settings, gateways, policies.length, ...policies, ...routes];
  return recall('surroundings in', name, inputs, () => ({ name, settings, gateways, policies, routes }));
}

function indexDenials({ destinations }: PolicyIr): Map<string, Obligation[]> {
  return indexByWorkload(destinations, ({ obligations }) =>
    obligations.filter(({ effect, layer }) => effect === 'Deny' && layer === 'L7'),
  );
}

function indexWaypoints({ destinations }: PolicyIr): Map<string, string[]> {
  return indexByWorkload(destinations, ({ waypoint }) =>
    waypoint ? [`${waypoint.namespace}/${waypoint.serviceAccount}`] : [],
  );
}

function indexOpenings({ destinations }: PolicyIr): Map<string, Obligation[]> {
  return indexByWorkload(destinations, openingsOf);
}

const openingsOf = oncePerObject(({ obligations }: DestinationPolicy): readonly Obligation[] =>
  obligations.filter(({ effect, callers }) => effect === 'Allow' && callers.some(needsNoIdentity)),
);

function needsNoIdentity({ kind }: Caller): boolean {
  return kind === 'anyone' || kind === 'addresses' || kind === 'unidentified';
}

function indexClosed({ destinations }: PolicyIr): Map<string, DestinationPolicy[]> {
  return indexByWorkload(destinations, (policy) =>
    policy.default?.value === 'Deny' && isOwnDefault(policy) ? [policy] : [],
  );
}

function indexOwnMtls({ destinations }: PolicyIr): Map<string, DestinationPolicy[]> {
  return indexByWorkload(destinations, (policy) => (hasOwnPeerAuthentication(policy) ? [policy] : []));
}

/** Whether a default was written for one service or workload. */
export function isOwnDefault({ default: fallback }: DestinationPolicy): boolean {
  return fallback?.scope.kind === 'service' || fallback?.scope.kind === 'workload';
}

/** Of its workloads. */
const keysOf = oncePerObject(({ workloads }: Destination): readonly string[] => workloads.map(keyInMesh));

function indexByWorkload<T>(
  destinations: readonly DestinationPolicy[],
  itemsOf: (policy: DestinationPolicy) => readonly T[],
): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const policy of destinations) {
    const items = itemsOf(policy);
    if (items.length === 0) continue;
    for (const key of keysOf(policy.destination)) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [...items]);
      else known.push(...items);
    }
  }
  return index;
}
