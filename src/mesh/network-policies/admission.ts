import { oncePer, oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import { isElsewhere, type Pods, selectsPods } from './admits.js';
import { ingressPoliciesOf, type NetworkPolicy } from './policy.js';

/** A NetworkPolicy that says whose connections come to some pods. */
export interface Admission {
  readonly at: MeshCluster;
  readonly policy: NetworkPolicy;
}

/** All that are asked about a connection to some pods: none where everybody may send them anything. */
export function admissionsTo(
  at: MeshCluster,
  { namespace, labels = {}, onNode }: Pods & { readonly onNode: boolean },
): readonly Admission[] {
  return onNode ? [] : ingressPoliciesOf(at, namespace, labels).map((policy) => admissionBy(policy, at));
}

const admissionBy = oncePerObject((policy: NetworkPolicy, at: MeshCluster): Admission => ({ at, policy }));

/** Pods that open connections. */
interface Opening {
  readonly cluster: string | undefined;
  readonly pods?: Pods;
}

/**
 * Tells whom of those that policies name somebody is, as it opens connections in the mesh of each. Pods of whom they say the same
 * are let in alike, if they come from the same cluster, and from the network of a node or not.
 */
export function standingBy<T>(
  admissions: Iterable<Admission>,
  openingIn: (each: T, at: MeshCluster) => Opening,
): (each: T) => string {
  const all = [...groupBy(admissions, ({ at }) => at)].map(([at, own]) => ({ at, standing: standingAt(at, own) }));
  return (each) => all.map(({ at, standing }) => standing(openingIn(each, at))).join('\n');
}

/** Most pods are in namespaces of which none is let in. */
function standingAt(at: MeshCluster, admissions: readonly Admission[]): (opening: Opening) => string {
  const peers = admissions.flatMap(({ policy: { namespace: home, rules } }) =>
    rules.flatMap((rule) => (rule.peers ?? []).map((peer) => ({ peer, home }))),
  );
  const ofNone = peers.map(() => 'no').join();
  const isFar = oncePer((namespace: string) => peers.every(({ peer, home }) => isElsewhere(at, namespace, peer, home)));
  return ({ cluster, pods }) => {
    if (pods === undefined || cluster !== at.cluster.name) return '';
    return isFar(pods.namespace) ? ofNone : peers.map(({ peer, home }) => selectsPods(at, pods, peer, home)).join();
  };
}
