import { oncePerObject } from '../../util/once.js';
import type { MeshCluster } from '../mesh.js';
import { type Pods, selectsPods } from './admits.js';
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
 * Whom of those that policies name some pods are. Pods of whom they say the same are let in alike, if they come from the same
 * cluster, and from the network of a node or not.
 */
export function standingOf(admissions: readonly Admission[], { cluster, pods }: Opening): string {
  if (pods === undefined) return '';
  return admissions.map((each) => (each.at.cluster.name === cluster ? standingIn(each, pods) : '')).join(' ');
}

function standingIn({ at, policy: { namespace, rules } }: Admission, pods: Pods): string {
  return rules.flatMap(({ peers = [] }) => peers.map((peer) => selectsPods(at, pods, peer, namespace))).join();
}
