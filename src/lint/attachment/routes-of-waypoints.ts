import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject, asText } from '../../mesh/json.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { type LintContext, nameOf } from '../context.js';

/** A route that names the Gateway of a waypoint as its parent: it attaches to nothing, and no status says so (T-17). */
export function routesOfWaypoints({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap(({ cluster: { routes, waypoints } }) =>
    routes.flatMap((object) => {
      const own = object.namespace ?? 'default';
      return asArray(asObject(object.value.spec)?.parentRefs).flatMap((parent, index) => {
        const { kind, namespace, name } = asObject(parent) ?? {};
        const key = keyOf({ namespace: asText(namespace) ?? own, name: asText(name) ?? '' });
        if ((kind ?? 'Gateway') !== 'Gateway' || !waypoints.has(key)) return [];
        const law = 'a route of the mesh has a Service or a ServiceEntry for its parent (istio-traffic-topology T-17)';
        const unseen = 'no request shows it: every one is routed as if the route were not there';
        const notes = [law, unseen].map((message) => ({ message }));
        const parameters = { kind: object.kind, route: nameOf({ ...object, namespace: own }), waypoint: key };
        const span = spanIn(object, ['spec', 'parentRefs', index, 'name']);
        return diagnostic('route-of-waypoint', parameters, span, { notes });
      });
    }),
  );
}
