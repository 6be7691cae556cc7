import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { keyOf, type Topology } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import { type NarrowOptions, unknownNames } from '../narrow.js';

interface Scope extends NarrowOptions {
  readonly workload: readonly string[];
}

/** Namespaces and workloads that nothing has are mistakes: otherwise it would be said that nothing is to be moved there. */
export function unknownScope(topology: Topology, { namespace, workload }: Scope): readonly Diagnostic[] {
  const known = sortedUnique(topology.clusters.flatMap(({ workloads }) => [...workloads.values()].map(keyOf)));
  const wrong = workload.filter((name) => !known.includes(name));
  return [
    ...unknownNames(topology, { namespaces: namespace, names: [] }),
    ...wrong.map((name) =>
      diagnostic(
        'usage',
        { problem: `there is no workload \`${name}\` among the manifests` },
        null,
        didYouMean(suggest(name, known)),
      ),
    ),
  ];
}
