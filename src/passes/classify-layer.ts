import type { PolicyIr } from '../ir/policy-ir.js';
import { aboutRequests } from '../resolve/conditions.js';
import type { Pass } from './pass.js';

/** An obligation that looks at requests needs a proxy that parses them (L7); any other is decided per connection (L4). */
export const classifyLayer: Pass = {
  name: 'classify-layer',
  run: (ir) => ({ value: classified(ir), diagnostics: [] }),
};

function classified(ir: PolicyIr): PolicyIr {
  return {
    ...ir,
    destinations: ir.destinations.map((policy) => ({
      ...policy,
      obligations: policy.obligations.map((obligation) => ({
        ...obligation,
        layer:
          aboutRequests(obligation.conditions).length > 0 || obligation.authorizer !== undefined
            ? ('L7' as const)
            : ('L4' as const),
      })),
    })),
  };
}
