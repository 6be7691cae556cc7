import type { CatalogueEntry } from '../catalogue.js';

export const verification = {
  'policy-not-accepted': {
    code: 'AMB5001',
    severity: 'error',
    message: '`{policy}` would be refused by the cluster: {why}',
    help: 'correct the field; a policy that is refused protects nothing',
  },
} as const satisfies Record<string, CatalogueEntry>;
