import { groupBy, sortedUnique } from '../../util/order.js';
import { type CallerClass, classesOf } from '../algebra/callers.js';
import { type Mentions, mentionsOf } from '../algebra/mentions.js';
import { callerOf } from '../caller.js';
import { conditionsOf } from '../compiled.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import { describeSource, type Stranger } from '../request.js';

/**
 * Everybody who can call, and workloads that nobody has deployed yet: one of each namespace, and one for each identity
 * that policies name and nobody runs as. What must never be possible must not become so by a new Deployment.
 */
export function presentAndFutureCallers(mesh: Mesh, waypoints: ReadonlySet<string>): readonly CallerClass[] {
  const present = classesOf(mesh);
  const byCluster = groupBy(present, ({ caller }) => caller.cluster);
  const future = [...mesh.clusters.values()].flatMap((at) =>
    strangersOf(at, byCluster.get(at.cluster.name) ?? [], waypoints).flatMap((source) => classOf(mesh, source)),
  );
  return [...present, ...future];
}

/** `namespace/name` of the ServiceAccounts of waypoints: nobody else is to run as one. */
export function waypointAccounts({ clusters }: Mesh): ReadonlySet<string> {
  return new Set([...clusters.values()].flatMap(({ cluster }) => [...cluster.waypoints.values()].map(accountOf)));
}

function classOf(mesh: Mesh, source: Stranger): readonly CallerClass[] {
  const caller = callerOf(mesh, source);
  if (caller.kind !== 'caller') return [];
  return [{ caller, source, sources: [source], members: [describeSource(source)] }];
}

type Speaks = Stranger['speaks'];

/** A new workload takes part in the mesh as others of its namespace do, or else as any other of the cluster does. */
function strangersOf(
  at: MeshCluster,
  present: readonly CallerClass[],
  waypoints: ReadonlySet<string>,
): readonly Stranger[] {
  const { name: cluster, namespaces } = at.cluster;
  const known = present.flatMap(({ caller: { identity } }) => (identity === null ? [] : [accountOf(identity)]));
  const taken = new Set([...known, ...waypoints]);
  const mentions = mentionsIn(at);
  const places = sortedUnique([...namespaces.keys(), ...mentions.namespaces]);
  const accounts = sortedUnique(mentions.accounts).filter((account) => !taken.has(account));
  const everywhere = speechOf(present);
  return [...accounts, ...places.map((place) => `${place}/any-other`)].flatMap((account) => {
    const [namespace = '', serviceAccount = ''] = account.split('/');
    const here = speechOf(present.filter(({ caller }) => caller.namespace === namespace));
    const ways = here.length > 0 ? here : everywhere;
    return ways.map((speaks) => ({ kind: 'stranger', cluster, speaks, namespace, serviceAccount }) as const);
  });
}

function accountOf({ namespace, serviceAccount }: Pick<Stranger, 'namespace' | 'serviceAccount'>): string {
  return `${namespace}/${serviceAccount}`;
}

function speechOf(classes: readonly CallerClass[]): readonly Speaks[] {
  const planes: readonly Speaks[] = ['ambient', 'sidecar'];
  return planes.filter((plane) => classes.some(({ caller }) => caller.speaks === plane));
}

function mentionsIn({ authorization }: MeshCluster): Mentions {
  const forms = [...authorization.values()]
    .flat()
    .flatMap(({ ztunnel, http, tcp }) => [ztunnel ?? [], http, tcp].flat());
  const compared = groupBy(forms.flatMap(conditionsOf), ({ attribute }) => attribute);
  return mentionsOf(
    new Map(
      [...compared].map(([attribute, all]) => [attribute, all.flatMap((each) => [...each.anyOf, ...each.noneOf])]),
    ),
  );
}
