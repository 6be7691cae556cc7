import { type CallerClass, classesOf, classOf } from '../algebra/callers.js';
import { joinMentions, type Mentions, mentionsOfPolicy } from '../algebra/mentions.js';
import { accountOf } from '../mesh/identity.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import type { FutureWorkload } from '../mesh/request.js';
import { groupBy, sortedUnique } from '../util/order.js';

/**
 * Everybody who can call, and workloads that nobody has deployed yet: one of each namespace, and one for each identity
 * that policies name and nobody runs as. What must never be possible must not become so by a new Deployment.
 */
export function presentAndFutureCallers(mesh: Mesh, waypoints: ReadonlySet<string>): readonly CallerClass[] {
  const present = classesOf(mesh);
  const byCluster = groupBy(present, ({ caller }) => caller.cluster);
  const future = [...mesh.clusters.values()].flatMap((at) =>
    futureWorkloadsIn(at, byCluster.get(at.cluster.name) ?? [], waypoints).flatMap(
      (source) => classOf(mesh, source) ?? [],
    ),
  );
  return [...present, ...future];
}

type Speaks = FutureWorkload['speaks'];

/** A new workload takes part in the mesh as others of its namespace do, or else as any other of the cluster does. */
function futureWorkloadsIn(
  at: MeshCluster,
  present: readonly CallerClass[],
  waypoints: ReadonlySet<string>,
): readonly FutureWorkload[] {
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
    return ways.map((speaks) => ({ kind: 'future', cluster, speaks, namespace, serviceAccount }) as const);
  });
}

function speechOf(classes: readonly CallerClass[]): readonly Speaks[] {
  const planes: readonly Speaks[] = ['ambient', 'sidecar'];
  return planes.filter((plane) => classes.some(({ caller }) => caller.speaks === plane));
}

function mentionsIn({ authorization }: MeshCluster): Mentions {
  const forms = [...authorization.values()]
    .flat()
    .flatMap(({ ztunnel, http, tcp }) => [ztunnel ?? [], http, tcp].flat());
  return joinMentions(forms.map(mentionsOfPolicy));
}
