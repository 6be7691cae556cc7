import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isGiven } from '../../mesh/given-namespaces.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { MissingParent } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import type { LintContext } from '../context.js';
import { lawsOf } from './shown.js';

/** A route, or a parent of one, that istiod ignores, and nothing that anybody looks at says so. */
export function routesIgnored({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    at.unreadRoutes.flatMap(({ object, place, why, missing }) => {
      if (object.kind === 'VirtualService') return [];
      if (missing !== undefined && !isGiven(at.cluster, missing.namespace)) return [];
      const isParent = place.includes('parentRefs');
      const law = isParent
        ? 'a parent that Istio does not know is ignored (istio-traffic-topology T-17, T-18)'
        : 'what is not read routes nothing (istio-traffic-topology T-24, T-30, T-50, T-52)';
      const help =
        isParent && why.includes('kind `Service`') ? { help: 'write `group: ""` beside `kind: Service`' } : {};
      return diagnostic('route-ignored', { route: describe(object), why }, spanIn(object, place), {
        ...lawsOf(law, 'no request shows it: every one is routed as if it were not there'),
        ...help,
        ...(missing !== undefined && didYouMean(namesNear(at, missing))),
      });
    }),
  );
}

function namesNear({ cluster }: MeshCluster, { kind, namespace, name }: MissingParent): readonly string[] {
  const all = kind === 'Service' ? cluster.services : cluster.serviceEntries;
  const around = [...all.values()].filter((each) => each.namespace === namespace);
  return suggest(
    name,
    around.map((each) => each.name),
  );
}
