import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { refusalsOf } from '../../mesh/admission/admission.js';
import type { ConnectionRule, PathRewrite, RouteResult, RouteRule } from '../../mesh/routes/route.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { allRoutes } from './route-rules.js';

/** A rule that the model follows in part only: what becomes of its requests is not known, and so is not said. */
export function routesNotFollowed(context: LintContext): readonly Diagnostic[] {
  const said = new Set<string>();
  return allRoutes(context).flatMap(({ at, route }) => {
    const open = [...route.http.flatMap(openInRule), ...[...route.tls, ...route.tcp].flatMap(openInConnections)];
    return open.flatMap((part) => {
      const key = `${at.cluster.name} ${describe(part.object)} ${part.place.join('.')} ${part.why}`;
      if (said.has(key)) return [];
      said.add(key);
      if (refusalsOf(part.object, at.cluster.settings.istio.version).length > 0) return [];
      return [finding(part)];
    });
  });
}

interface OpenPart {
  readonly object: ManifestObject;
  readonly place: Path;
  readonly why: string;
}

function openInRule({ origin: { object }, result }: RouteRule): readonly OpenPart[] {
  return openInResult(result).map((part) => ({ object, ...part }));
}

type NotModelled = Extract<RouteResult | PathRewrite, { kind: 'not-modelled' }>;

function openInResult(result: RouteResult): readonly NotModelled[] {
  const paths = result.kind === 'forward' ? result.destinations.map(({ changes }) => changes.path) : [];
  const all = [result, ...paths, ...(result.kind === 'redirect' ? [result.to.path] : [])];
  return all.filter((part): part is NotModelled => part?.kind === 'not-modelled');
}

function openInConnections({ origin: { object }, matches }: ConnectionRule): readonly OpenPart[] {
  return matches.flatMap(({ doubt, place }) => (doubt === undefined ? [] : [{ object, place, why: doubt }]));
}

function finding({ object, place, why }: OpenPart): Diagnostic {
  return diagnostic('route-not-followed', { route: describe(object), why }, spanIn(object, place));
}
