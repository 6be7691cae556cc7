import { diagnostic } from '../../../diagnostics/create.js';
import { keyOf } from '../../../topology/model.js';
import type { ResolveContext } from '../../context.js';
import { gatewayObjects } from '../gateway-objects.js';

/** Reports listeners that settings describe and that istiod would not open; not of the gateways left out here. */
export function checkServed(context: ResolveContext, leftOut: ReadonlySet<string>): void {
  const known = gatewayObjects(context.topology);
  for (const planned of context.planned.filter((each) => !leftOut.has(keyOf(each)))) {
    const object = known.get(keyOf(planned))?.find(({ cluster }) => cluster === planned.cluster);
    for (const { name, standing, port } of object?.listeners ?? []) {
      if (standing.kind === 'open') continue;
      const wanted = planned.listeners.find(
        (each) => each.port === port && `${name}-`.startsWith(`${each.name.value}-`),
      );
      const parameters = { listener: name, cluster: planned.cluster, why: standing.because };
      context.report(diagnostic('listener-not-served', parameters, wanted?.name.span ?? planned.span));
    }
  }
}
