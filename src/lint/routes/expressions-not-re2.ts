import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { faultOfRegex } from '../../mesh/admission/re2.js';
import type { RouteMatch } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { allRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A regular expression in a route of the Gateway API that Envoy cannot read: nobody looks at it before (T-96). */
export function expressionsNotRe2(context: LintContext): readonly Diagnostic[] {
  const said = new Set<string>();
  return allRoutes(context)
    .filter(({ route }) => route.reach === 'by-parent')
    .flatMap(({ at, route }) =>
      route.http.flatMap(({ origin: { object }, matches }) =>
        matches.flatMap((match) => {
          const found = firstFault(match);
          const key = `${at.cluster.name} ${describe(object)} ${match.place.join('.')}`;
          if (found === undefined || said.has(key)) return [];
          said.add(key);
          const parameters = { route: describe(object), ...found };
          return diagnostic('expression-not-re2', parameters, spanIn(object, match.place), {
            ...lawsOf(
              'Envoy refuses all of the configuration in which it stands, and keeps what it had (istio-traffic-topology T-96)',
              'no request shows it: which routes a proxy had before no manifest tells',
            ),
          });
        }),
      ),
    );
}

function firstFault({
  path,
  headers,
  query,
}: RouteMatch): { readonly pattern: string; readonly why: string } | undefined {
  const all = [path, ...[...headers, ...query].map(({ match }) => match)];
  for (const each of all) {
    const why = each?.kind === 'regex' ? faultOfRegex(each.value) : undefined;
    if (why !== undefined && each?.kind === 'regex') return { pattern: each.value, why };
  }
  return undefined;
}
