import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { nodesOf } from '../../mesh/routes/read/fields.js';
import { namesIn } from '../../mesh/routes/read/virtual-service.js';
import { readHttpRule } from '../../mesh/routes/read/virtual-service-rule.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { keyOf } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import type { RouteIn } from './route-rules.js';

/** A VirtualService without hosts is read where another delegates to it, and nowhere else (L-10). */
export function delegatesOfNobody({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const named = new Set(at.cluster.routes.flatMap(delegatedBy));
    return delegatesIn(at)
      .filter((object) => !named.has(keyOf({ ...object, namespace: object.namespace ?? 'default' })))
      .map((object) => {
        const notes = [
          {
            message:
              'without `hosts` it is a part that another VirtualService delegates to (istio-traffic-topology L-10)',
          },
          { message: 'no request shows it: every one is routed as if it were not there' },
        ];
        return diagnostic('delegate-of-nobody', { route: describe(object) }, spanIn(object, ['metadata', 'name']), {
          notes,
        });
      });
  });
}

function delegatesIn({ cluster }: MeshCluster): readonly ManifestObject[] {
  return cluster.routes.filter(
    ({ kind, value }) => kind === 'VirtualService' && asTexts(asObject(value.spec)?.hosts).length === 0,
  );
}

function delegatedBy({ kind, namespace = 'default', value }: ManifestObject): readonly string[] {
  if (kind !== 'VirtualService') return [];
  return asArray(asObject(value.spec)?.http).flatMap((rule) => {
    const delegate = asObject(asObject(rule)?.delegate);
    if (delegate === undefined) return [];
    return [keyOf({ namespace: asText(delegate.namespace) || namespace, name: asText(delegate.name) ?? '' })];
  });
}

/** The rules of those that no other takes for its own, for hosts that they do not say. */
export function delegatesOf({ mesh }: LintContext): readonly RouteIn[] {
  const { clusterDomain } = mesh.topology.mesh;
  return [...mesh.clusters.values()].flatMap((at) => {
    const taken = new Set(at.routes.flatMap(({ http }) => http.map(({ origin }) => origin.object)));
    const others = delegatesIn(at).filter((object) => !taken.has(object));
    return others.map((object) => {
      const { namespace = 'default', value } = object;
      const spec = { value: asObject(value.spec) ?? {}, place: ['spec'] };
      const names = namesIn(object, at.cluster, clusterDomain);
      const http = nodesOf(spec, 'http').map((rule) => readHttpRule(object, rule, names));
      const exportTo = asTexts(spec.value.exportTo);
      const rules = { http, tls: [], tcp: [] };
      return { at, route: { namespace, exportTo, objects: [object], hosts: [], attachments: [], ...rules } };
    });
  });
}

/** A rule that delegates to nobody, or to whom it is not shown, and rules of delegates that no request may come to (T-95). */
export function rulesLeftOut({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    at.unreadRoutes
      .filter(({ object }) => object.kind === 'VirtualService')
      .map(({ object, place, why }) =>
        diagnostic('rule-left-out', { route: describe(object), why }, spanIn(object, place), {
          notes: [
            { message: 'istiod leaves it out, and says so in its own log alone (istio-traffic-topology T-95)' },
            { message: 'requests that it is for go to the next rule, or get 404 where there is none' },
          ],
          help: place.includes('delegate')
            ? 'name a VirtualService that has no `hosts` and is exported to this namespace'
            : 'ask in the delegate for no more than the root does, and for texts by the same kind of match',
        }),
      ),
  );
}
