import type { CallerClass } from '../../algebra/callers.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { callerOf } from '../../mesh/paths/caller.js';
import { allHosts, type NamedHost } from '../../mesh/paths/host-names.js';
import { knownHosts } from '../../mesh/paths/known-hosts.js';
import { isManaged } from '../../parse/document.js';
import type { ResolvedReachability } from '../../resolve/resolved-reachability.js';
import { groupBy, sortedUnique } from '../../util/order.js';
import type { CallableHost } from './callable-hosts.js';
import { classOf, type Subject, sourceOf } from './subjects.js';

/** What the sidecars of some pods know, with the Sidecars that the settings ask for and without them. */
export interface KnownMesh {
  readonly reachability: ResolvedReachability;
  readonly cluster: string;
  readonly namespace: string;
  /** Names of workloads, sorted. */
  readonly workloads: readonly string[];
  readonly before: KnownCount;
  readonly after: KnownCount;
  /** Those of them that are known because nobody is kept out, as `namespace/host`, sorted. */
  readonly openToAll: readonly string[];
  /** What they know no longer, as `namespace/host`, sorted. */
  readonly hidden: readonly string[];
  /** Hosts of extension providers that they cannot ask, as `namespace/host`. */
  readonly missingProviders: readonly string[];
  /** The Sidecars that count. */
  readonly sidecars: readonly string[];
  /** What becomes of what is sent there. */
  readonly unknown: 'leaves the pod in plaintext' | 'goes nowhere';
}

export interface KnownCount {
  readonly hosts: number;
  /** Each a cluster of Envoy. */
  readonly ports: number;
}

/** The mesh as it is without the Sidecars of Ambit. */
function withoutOwnSidecars({ topology, clusters }: Mesh): Mesh {
  const without = (at: MeshCluster): MeshCluster => ({
    ...at,
    sidecars: new Map(
      [...at.sidecars].map(([namespace, all]) => [namespace, all.filter(({ object }) => !isManaged(object))]),
    ),
  });
  return { topology, clusters: new Map([...clusters].map(([name, at]) => [name, without(at)])) };
}

/** Pods whose sidecars know the same are told of once. */
export function knownMeshes(
  mesh: Mesh,
  subjects: readonly Subject[],
  hosts: readonly CallableHost[],
): readonly KnownMesh[] {
  const before = withoutOwnSidecars(mesh);
  const callable = new Map(hosts.map((each) => [nameOf(each), each]));
  const isOpen: IsOpen = (name, caller) => callable.get(name)?.leaveFor(caller)?.kind === 'open';
  const groups = groupBy(subjects, ({ reachability, at, workload, caller }) => {
    const scopes = caller.kind === 'caller' ? (caller.scopes ?? []).map(({ key }) => key) : [];
    return [reachability.origin.id, at.cluster.name, workload.namespace, ...scopes].join('\n');
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : knownMesh(
          { before, isOpen },
          first,
          group.map(({ workload }) => workload.name),
        );
  });
}

type IsOpen = (name: string, caller: CallerClass) => boolean;

function knownMesh(
  { before, isOpen }: { readonly before: Mesh; readonly isOpen: IsOpen },
  { reachability, at, workload, caller }: Subject,
  workloads: readonly string[],
): readonly KnownMesh[] {
  const was = callerOf(before, sourceOf(workload));
  const atBefore = before.clusters.get(at.cluster.name);
  if (caller.kind !== 'caller' || was.kind !== 'caller' || atBefore === undefined) return [];
  const [hostsBefore, hostsAfter] = [knownHosts(atBefore, was), knownHosts(at, caller)];
  const names = new Set(hostsAfter.map(nameOf));
  const policy = caller.scopes?.[0]?.outbound ?? caller.outboundPolicy ?? 'ALLOW_ANY';
  return [
    {
      reachability,
      cluster: at.cluster.name,
      namespace: workload.namespace,
      workloads: sortedUnique(workloads),
      before: countOf(hostsBefore),
      after: countOf(hostsAfter),
      openToAll: sortedUnique([...names].filter((name) => isOpen(name, classOf(workload, caller)))),
      missingProviders: providersIn(at).filter((name) => !names.has(name)),
      sidecars: (caller.scopes ?? []).map(({ name }) => name),
      hidden: sortedUnique(hostsBefore.map(nameOf).filter((name) => !names.has(name))),
      unknown: policy === 'ALLOW_ANY' ? 'leaves the pod in plaintext' : 'goes nowhere',
    },
  ];
}

/** Those that the mesh has, whoever imports them: proxies ask them themselves (F-58). */
function providersIn(at: MeshCluster): readonly string[] {
  const { providerHosts = [] } = at.cluster.settings.istio;
  if (providerHosts.length === 0) return [];
  const names = [...allHosts(at).values()].flat().map((named) => ({ name: nameOf(named), host: named.host }));
  const asked = names.filter(({ name, host }) => providerHosts.includes(name) || providerHosts.includes(host));
  return sortedUnique(asked.map(({ name }) => name));
}

function nameOf({ namespace, host }: Pick<NamedHost, 'namespace' | 'host'>): string {
  return `${namespace}/${host}`;
}

function countOf(known: readonly NamedHost[]): KnownCount {
  return { hosts: new Set(known.map(nameOf)).size, ports: known.length };
}
