import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { allRoutes } from './route-rules.js';
import { sampleOf } from './samples.js';
import { lawsOf } from './shown.js';

/** A rule of the Gateway API that has nowhere to send requests to: no backend, or only such with a weight of 0 (T-26). */
export function rulesWithoutBackends(context: LintContext): readonly Diagnostic[] {
  const said = new Set<object>();
  return allRoutes(context)
    .filter(({ route }) => route.reach === 'by-parent')
    .flatMap(({ route }) =>
      route.http.flatMap((rule) => {
        const { result, origin } = rule;
        if (result.kind !== 'answer' || said.has(origin)) return [];
        said.add(origin);
        const sample = sampleOf(route, rule);
        const parameters = { route: describe(origin.object), status: result.status, why: result.because };
        return diagnostic('rule-without-backend', parameters, spanIn(origin.object, origin.place), {
          ...(sample !== undefined && { witness: `${sample} is answered ${result.status}` }),
          ...lawsOf('a rule without a backend that takes requests answers them all (istio-traffic-topology T-26)'),
        });
      }),
    );
}
