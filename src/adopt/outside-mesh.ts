import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { namespacesNotGiven } from '../lint/topology/enrolment.js';
import type { Mesh } from '../mesh/mesh.js';
import { attaches } from '../mesh/policies/attach.js';
import type { AuthorizationPolicy, RequestAuthentication } from '../mesh/policies/policy.js';
import { keyOf } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';
import type { Reason } from './reason.js';

/** By namespace with workloads in the mesh one that is called, and is not: nothing would enforce there what settings of the namespace say. */
export type OutsideMesh = ReadonlyMap<string, string>;

export function outsideMesh({ clusters }: Mesh): OutsideMesh {
  const workloads = [...clusters.values()].flatMap(({ cluster }) => [...cluster.workloads.values()]);
  const outside = workloads.filter(
    ({ mode, ports, services }) => mode.plane === 'none' && ports.length + services.length > 0,
  );
  return new Map(outside.map((workload) => [workload.namespace, keyOf(workload)]));
}

/** What selects nobody of the mesh may select pods outside of it: whether they are in it, labels of their namespaces say as well. */
export function selectingNobody(policy: AuthorizationPolicy | RequestAuthentication, { clusters }: Mesh): Reason {
  const outside = [...clusters.values()].flatMap((mesh) =>
    [...mesh.cluster.workloads.values()].filter(
      (workload) => workload.mode.plane === 'none' && attaches(policy, { kind: 'sidecar', workload }, mesh),
    ),
  );
  const [first, ...others] = sortedUnique(outside.map(keyOf));
  if (first === undefined) return { because: 'it selects nothing' };
  const who =
    others.length === 0 ? `\`${first}\` alone, which is` : `\`${first}\` and ${others.length} more, which are`;
  return {
    because: `it selects ${who} not in the mesh`,
    help: 'enrol what it selects, or give the manifest of the namespace if that does, and import again',
  };
}

/** Namespaces whose labels nobody knows: what is proved holds of a mesh that their pods are no part of, unless they say so themselves. */
export function namespacesUnknown({ clusters }: Mesh): readonly Diagnostic[] {
  return [...clusters.values()].flatMap(({ cluster }) => namespacesNotGiven({ cluster, labelled: [] }));
}

/** Why a policy for all of a namespace stays that closes it. */
export function closesTheRest(workload: string): Reason {
  return {
    because: `\`${workload}\` of its namespace is not in the mesh, and nothing would enforce there what settings of the namespace promise`,
    help: 'enrol it, and import again; until then it goes on to close what is in the mesh, beside settings of single workloads',
  };
}
