import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { Topology } from '../../topology/model.js';
import { complaintsAbout } from '../../topology/schemas/refused-gateways.js';
import { refusalsOf } from './admission.js';
import { by, type Refusal } from './refusal.js';

/** What clusters refuse of what routes: applied, it is not there, and what stood there before goes on. */
export function refusedObjects({ clusters }: Topology): readonly Diagnostic[] {
  return clusters.flatMap(({ routes, istioGateways, sidecars, serviceEntries, refusedGateways, settings }) => {
    const entries = [...serviceEntries.values()].map(({ object }) => object);
    const judged = [...routes, ...istioGateways, ...sidecars, ...entries];
    return [
      ...judged.flatMap((object) => refusalsOf(object, settings.istio.version).map(told(object))),
      ...refusedGateways.flatMap((object) => by('L-08', complaintsAbout(object)).map(told(object))),
    ];
  });
}

function told(object: ManifestObject): (refusal: Refusal) => Diagnostic {
  return ({ place, why, law, help }) => {
    const message = `nobody reads it, and what was applied before it stays (istio-traffic-topology ${law})`;
    const details = { notes: [{ message }], ...(help !== undefined && { help }) };
    return diagnostic('object-not-accepted', { object: describe(object), why }, spanIn(object, place), details);
  };
}
