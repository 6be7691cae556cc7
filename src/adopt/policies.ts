import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { hasNoSelector, undecidedRivals } from '../mesh/policies/peer-authentication.js';
import type { AuthorizationPolicy, PeerAuthentication } from '../mesh/policies/policy.js';
import { isManaged, type ManifestObject } from '../parse/document.js';
import { keyOf, selects } from '../topology/model.js';
import { groupBy, sortBy } from '../util/order.js';
import { liftAuthorization, type Vocabulary } from './lift/authorization.js';
import type { LiftedPolicy, Unsaid } from './lift/lifted.js';
import { selectingNobody } from './outside-mesh.js';
import type { Reason } from './reason.js';
import { isFor, isForServiceOf, type Subject } from './subjects.js';

/** A policy that somebody wrote, as all clusters have it, with whom it is for and what it says. */
export interface Written extends LiftedPolicy {
  readonly key: string;
  readonly policy: Pick<AuthorizationPolicy, 'namespace' | 'name' | 'action' | 'dryRun' | 'scope'> & {
    readonly rules: readonly unknown[];
  };
  readonly subjects: readonly Subject[];
  /** Why it is for nobody, where it is. */
  readonly forNobody: Reason | undefined;
  /** Whether it is for everybody of its namespace, or of the mesh. */
  readonly isWide: boolean;
  readonly isOfMesh: boolean;
  /** Whether it stays beside the intents that say the same, because something else than Istio enforces it. */
  readonly staysBeside: boolean;
}

/** The AuthorizationPolicies that are no output of Ambit's. `misplaced`: those that are for whom they name, and not for whom reads them. */
export function writtenPolicies(
  mesh: Mesh,
  subjects: readonly Subject[],
  vocabulary: Vocabulary,
  misplaced: ReadonlySet<string>,
): readonly Written[] {
  const clusters = [...mesh.clusters.values()];
  const { rootNamespace } = mesh.topology.mesh;
  const byNamespace = groupBy(subjects, ({ namespace }) => namespace);
  const policies = clusters.flatMap(({ authorization }) =>
    [...authorization.values()].flat().map(({ policy }) => policy),
  );
  const own = policies.filter(({ object }) => !isManaged(object));
  const grouped = [...groupBy(own, ({ object }) => keyOfObject(object)).entries()];
  return sortBy(grouped, ([key]) => key).flatMap(([key, copies]): Written[] => {
    const [policy] = copies;
    if (policy === undefined) return [];
    const isOfMesh = policy.namespace === rootNamespace;
    const near = isOfMesh ? subjects : (byNamespace.get(policy.namespace) ?? []);
    const meant = near.filter(
      (subject) => isFor(policy, subject) || (misplaced.has(key) && isForServiceOf(policy, subject)),
    );
    const lifted = liftAuthorization(vocabulary, policy);
    return [
      {
        ...lifted,
        unsaid: [...lifted.unsaid, ...unlike(copies, meant)],
        key,
        policy,
        subjects: meant,
        forNobody: meant.length > 0 ? undefined : whyForNobody(policy, mesh),
        isWide: policy.scope.kind === 'namespace',
        isOfMesh,
        staysBeside: false,
      },
    ];
  });
}

function whyForNobody(policy: AuthorizationPolicy, mesh: Mesh): Reason {
  const { scope } = policy;
  if (scope.kind !== 'targets') return selectingNobody(policy, mesh);
  const names = scope.targets.map(({ kind, name }) => `${kind} \`${name}\``);
  return { because: `no waypoint and no gateway reads it for ${names.join(' and ')}` };
}

/** Settings hold in every cluster: what one cluster has alone, or has otherwise, stays there. */
export function unlike(
  copies: ReadonlyArray<{ readonly object: ManifestObject }>,
  subjects: readonly Subject[],
): readonly Unsaid[] {
  const texts = new Set(copies.map(({ object }) => JSON.stringify(object.value.spec)));
  const clusters = new Set(subjects.flatMap(({ instances }) => instances.map(({ mesh }) => mesh.cluster.name)));
  const isAlike = texts.size === 1 && copies.length >= clusters.size;
  return isAlike ? [] : [{ because: 'clusters that have its workloads do not have it alike', path: [] }];
}

export function keyOfObject({
  kind,
  namespace = 'default',
  name,
}: Pick<ManifestObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

/** A PeerAuthentication that somebody wrote, as all clusters have it. */
export interface WrittenPeers {
  readonly key: string;
  readonly policy: PeerAuthentication;
  readonly object: ManifestObject;
  /** Whether clusters have it otherwise, or the oldest of its scope is not known. */
  readonly unsaid: Reason | undefined;
}

export function writtenPeers(mesh: Mesh): readonly WrittenPeers[] {
  const clusters = [...mesh.clusters.values()];
  const { rootNamespace } = mesh.topology.mesh;
  const policies = clusters.flatMap(({ peerAuthentication }) => [...peerAuthentication.values()].flat());
  const own = policies.filter(({ object }) => !isManaged(object));
  const undecided = clusters.flatMap((cluster) => undecidedIn(cluster, rootNamespace));
  const grouped = [...groupBy(own, ({ object }) => keyOfObject(object)).entries()];
  return sortBy(grouped, ([key]) => key).flatMap(([key, copies]): WrittenPeers[] => {
    const [policy] = copies;
    if (policy === undefined) return [];
    const texts = new Set(copies.map(({ object }) => JSON.stringify(object.value.spec)));
    const isAlike = texts.size === 1 && copies.length === clusters.filter((each) => hasNamespace(each, policy)).length;
    const unsaid = isAlike ? undefined : { because: 'clusters do not have it alike' };
    const rivals = undecided.find((each) => each.includes(policy));
    return [
      { key, policy, object: policy.object, unsaid: rivals === undefined ? unsaid : notTheOldest(policy, rivals) },
    ];
  });
}

function notTheOldest(policy: PeerAuthentication, rivals: readonly PeerAuthentication[]): Reason {
  const others = rivals.filter((each) => each !== policy).map((each) => `\`${keyOf(each)}\``);
  return {
    because: `of its scope Istio takes the oldest alone, and no manifest says whether that is this one or ${others.join(' or ')}`,
    help: 'delete those that are not meant, or give them as the cluster has them, with `creationTimestamp`',
  };
}

/** Policies of each scope of which the oldest is not known: of a whole namespace, and of the same pods. */
function undecidedIn(
  { cluster, peerAuthentication }: MeshCluster,
  rootNamespace: string,
): ReadonlyArray<readonly PeerAuthentication[]> {
  return [...peerAuthentication].flatMap(([namespace, policies]) => {
    const forPods = policies.filter((policy) => !hasNoSelector(policy));
    const pods =
      forPods.length < 2 ? [] : [...cluster.workloads.values()].filter((each) => each.namespace === namespace);
    const scopes = [
      policies.filter(hasNoSelector),
      ...pods.map(({ labels }) => forPods.filter(({ matchLabels = {} }) => selects(matchLabels, labels))),
    ];
    return scopes.map((scope) => undecidedRivals(scope, rootNamespace));
  });
}

/** A RequestAuthentication that somebody wrote, with whom it is for. */
export interface WrittenTokens {
  readonly key: string;
  readonly object: ManifestObject;
  readonly subjects: readonly Subject[];
  readonly unsaid: string | undefined;
}

/** RequestAuthentications, which are said where a rule asks for tokens wherever they validate some. */
export function writtenTokens(
  mesh: Mesh,
  subjects: readonly Subject[],
  policies: readonly Written[],
  unsaid: ReadonlyMap<ManifestObject, string>,
): readonly WrittenTokens[] {
  const asking = new Set(
    policies
      .filter(({ policy, rules }) => !policy.dryRun && rules.some(({ token }) => token !== undefined))
      .flatMap((each) => each.subjects),
  );
  const all = [...mesh.clusters.values()].flatMap(({ requestAuthentication }) =>
    [...requestAuthentication.values()].flat(),
  );
  const own = all.filter(({ object }) => !isManaged(object));
  const grouped = [...groupBy(own, ({ object }) => keyOfObject(object)).entries()];
  return sortBy(grouped, ([key]) => key).flatMap(([key, copies]): WrittenTokens[] => {
    const [policy] = copies;
    if (policy === undefined) return [];
    const meant = subjects.filter((subject) => isFor(policy, subject));
    const why =
      copies.flatMap(({ object }) => unsaid.get(object) ?? [])[0] ??
      unlike(copies, meant)[0]?.because ??
      (meant.length === 0 ? selectingNobody(policy, mesh).because : undefined) ??
      (meant.every((each) => asking.has(each)) ? undefined : 'it validates tokens for which no rule asks');
    return [{ key, object: policy.object, subjects: meant, unsaid: why }];
  });
}

function hasNamespace({ cluster }: MeshCluster, { namespace }: PeerAuthentication): boolean {
  return cluster.namespaces.has(namespace);
}
