import type { DestinationPolicy, Obligation } from '../ir/policy-ir.js';
import { aboutRequests } from '../resolve/conditions.js';
import { oncePerObject } from '../util/once.js';
import type { Pass } from './pass.js';

/** An obligation that looks at requests needs a proxy that parses them (L7); any other is decided per connection (L4). */
export const classifyLayer: Pass = {
  name: 'classify-layer',
  run: (ir) => ({ value: { ...ir, destinations: ir.destinations.map(classified) }, diagnostics: [] }),
};

const classified = oncePerObject(
  (policy: DestinationPolicy): DestinationPolicy => ({
    ...policy,
    obligations: policy.obligations.map((obligation) => ({ ...obligation, layer: layerOf(obligation) })),
  }),
);

function layerOf({ conditions, authorizer }: Obligation): Obligation['layer'] {
  return aboutRequests(conditions).length > 0 || authorizer !== undefined ? 'L7' : 'L4';
}
