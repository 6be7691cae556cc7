import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { podsOfWorkload } from '../mesh/network-policies/connection.js';
import { ingressPoliciesOf, isEmpty, type NetworkPolicy } from '../mesh/network-policies/policy.js';
import type { AuthorizationPolicy } from '../mesh/policies/policy.js';
import { isManaged, type ManifestObject } from '../parse/document.js';
import { keyOf, type Workload } from '../topology/model.js';
import { governsIngress, podSelectorOf } from '../topology/network-policy.js';
import { groupBy, sortBy } from '../util/order.js';
import type { LiftedPolicy } from './lift/lifted.js';
import { liftNetworkPolicy } from './lift/network-policy.js';
import type { Names } from './names/names.js';
import { keyOfObject, unlike, type Written } from './policies.js';
import type { Reason } from './reason.js';
import { isFor, type Subject } from './subjects.js';

/**
 * The NetworkPolicies for callers that are no output of Ambit's, as ALLOW policies: they close the same pods, and what they let in
 * adds up likewise. Where pods have ALLOW policies, these say who may call, and a NetworkPolicy takes away from that.
 */
export function writtenNetworkPolicies(mesh: Mesh, subjects: readonly Subject[], names: Names): readonly Written[] {
  const objects = [...mesh.clusters.values()].flatMap(({ cluster }) => cluster.networkPolicies.filter(governsIngress));
  const own = groupBy(
    objects.filter((object) => !isManaged(object)),
    keyOfObject,
  );
  if (own.size === 0) return [];
  const governed = governedAmong(subjects);
  const allowing = allowingAmong(mesh, subjects);
  return sortBy(own, ([key]) => key).flatMap(([key, copies]): Written[] => {
    const [object] = copies;
    if (object === undefined) return [];
    const all = copies.flatMap((each) => governed.get(each) ?? []);
    const told = all.filter(({ subject }) => !allowing.has(subject));
    const meant = [...new Set(told.map(({ subject }) => subject))];
    const lifted = lift(names, object, told);
    return [
      {
        ...lifted,
        unsaid: [
          ...lifted.unsaid,
          ...unlike(
            copies.map((each) => ({ object: each })),
            meant,
          ),
        ],
        key,
        policy: asAllow(object, told[0]?.policy),
        subjects: meant,
        forNobody: meant.length > 0 ? undefined : whyForNobody(all, allowing),
        isWide: isEmpty(podSelectorOf(object)) && told.length === all.length,
        isOfMesh: false,
        staysBeside: true,
      },
    ];
  });
}

/** A NetworkPolicy at some pods that it is for. */
interface Governed {
  readonly subject: Subject;
  readonly at: MeshCluster;
  readonly workload: Workload;
  readonly policy: NetworkPolicy;
}

function governedAmong(subjects: readonly Subject[]): ReadonlyMap<ManifestObject, readonly Governed[]> {
  const found = subjects.flatMap((subject) =>
    subject.instances.flatMap(({ mesh, object }) => {
      if (!('mode' in object) || podsOfWorkload(object).onNode) return [];
      const policies = ingressPoliciesOf(mesh, object.namespace, object.labels);
      return policies.map((policy): Governed => ({ subject, at: mesh, workload: object, policy }));
    }),
  );
  return groupBy(found, ({ policy }) => policy.object);
}

/** The subjects that have ALLOW policies, whoever wrote them, each with one. */
function allowingAmong(
  { clusters, topology }: Mesh,
  subjects: readonly Subject[],
): ReadonlyMap<Subject, AuthorizationPolicy> {
  const all = [...clusters.values()].flatMap(({ authorization }) => [...authorization.values()].flat());
  const byNamespace = groupBy(
    all.map(({ policy }) => policy).filter(({ action }) => action === 'ALLOW'),
    ({ namespace }) => namespace,
  );
  const { rootNamespace } = topology.mesh;
  return new Map(
    subjects.flatMap((subject) => {
      const near = [rootNamespace, subject.namespace].flatMap((each) => byNamespace.get(each) ?? []);
      const first = near.find((policy) => isFor(policy, subject));
      return first === undefined ? [] : [[subject, first] as const];
    }),
  );
}

function lift(names: Names, object: ManifestObject, told: readonly Governed[]): LiftedPolicy {
  const [first] = told;
  if (first === undefined) return { object, rules: [], unsaid: [] };
  return liftNetworkPolicy(
    names,
    first.at,
    first.policy,
    told.map(({ workload }) => workload),
  );
}

function asAllow(object: ManifestObject, policy: NetworkPolicy | undefined): Written['policy'] {
  const { namespace = 'default', name } = object;
  return {
    namespace,
    name,
    action: 'ALLOW',
    dryRun: false,
    scope: isEmpty(podSelectorOf(object)) ? { kind: 'namespace' } : { kind: 'selector', matchLabels: undefined },
    rules: policy?.rules ?? [],
  };
}

function whyForNobody([first]: readonly Governed[], allowing: ReadonlyMap<Subject, AuthorizationPolicy>): Reason {
  const policy = first && allowing.get(first.subject);
  return policy === undefined
    ? { because: 'it is for no workload of the mesh' }
    : { because: `AuthorizationPolicy \`${keyOf(policy)}\` says who may call its pods, and it takes away from that` };
}
