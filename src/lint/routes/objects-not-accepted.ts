import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { refusalsOf } from '../../mesh/admission/admission.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { lawsOf } from './shown.js';

/** What the cluster refuses of what routes: applied, it is not there, and what stood there before goes on. */
export function objectsNotAccepted({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap(({ cluster }) => {
    const { routes, istioGateways, sidecars, serviceEntries, settings } = cluster;
    const entries = [...serviceEntries.values()].map(({ object }) => object);
    return [...routes, ...istioGateways, ...sidecars, ...entries].flatMap((object) =>
      refusalsOf(object, settings.istio.version).map(({ place, why, law, help }) =>
        diagnostic('object-not-accepted', { object: describe(object), why }, spanIn(object, place), {
          ...lawsOf(`nobody reads it, and what was applied before it stays (istio-traffic-topology ${law})`),
          ...(help !== undefined && { help }),
        }),
      ),
    );
  });
}
