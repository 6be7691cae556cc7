import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { namespaceOf } from '../../topology/fields.js';
import type { Cluster, Namespace } from '../../topology/model.js';
import type { LintContext } from './lint.js';

/** A namespace that `discoverySelectors` leave out, though it has policies, or pods that are part of the mesh. */
export function namespacesNotWatched({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.namespaces.values()].flatMap((namespace) => {
    if (namespace.isWatched !== false || namespace.object === undefined) return [];
    const policies = cluster.unwatchedPolicies.filter((object) => namespaceOf(object) === namespace.name);
    if (policies.length === 0 && !hasPodsInMesh(cluster, namespace)) return [];
    const notes = policies.map((object) => ({
      message: `${object.kind} \`${object.name}\` does nothing`,
      span: spanIn(object, ['metadata', 'name']),
    }));
    const span = spanIn(namespace.object, ['metadata', 'name']);
    return diagnostic('namespace-not-watched', { namespace: namespace.name }, span, { notes });
  });
}

function hasPodsInMesh({ workloads }: Cluster, { name }: Namespace): boolean {
  return [...workloads.values()].some(({ namespace, mode }) => namespace === name && mode.plane !== 'none');
}
