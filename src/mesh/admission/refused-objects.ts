import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { Topology } from '../../topology/model.js';
import { refusalsOf } from './admission.js';

/** What clusters refuse of what routes: applied, it is not there, and what stood there before goes on. */
export function refusedObjects({ clusters }: Topology): readonly Diagnostic[] {
  return clusters.flatMap(({ routes, istioGateways, sidecars, serviceEntries, settings }) => {
    const entries = [...serviceEntries.values()].map(({ object }) => object);
    return [...routes, ...istioGateways, ...sidecars, ...entries].flatMap((object) =>
      refusalsOf(object, settings.istio.version).map(({ place, why, law, help }) => {
        const message = `nobody reads it, and what was applied before it stays (istio-traffic-topology ${law})`;
        const details = { notes: [{ message }], ...(help !== undefined && { help }) };
        return diagnostic('object-not-accepted', { object: describe(object), why }, spanIn(object, place), details);
      }),
    );
  });
}
