import type { CatalogueEntry } from '../entry.js';

/** How hosts outside the mesh are made known, and gateways that lead there. */
export const waysOut = {
  'ports-led-as-one': {
    code: 'AMB2180',
    severity: 'error',
    message:
      'ports {first} and {second} of host `{host}` come to one listener of gateway `{gateway}`, `{listener}`, where nobody can tell them apart',
    help: 'give the gateway a listener for each, best with the number of the port',
  },
} as const satisfies Record<string, CatalogueEntry>;
