import type { Kind } from './entry.js';
import { backendPolicies } from './kinds/backend-policies.js';
import { cluster } from './kinds/cluster.js';
import { destinationRule } from './kinds/destination-rule.js';
import { endpoints } from './kinds/endpoints.js';
import { everyObject } from './kinds/every-object.js';
import { extensions } from './kinds/extensions.js';
import { gatewayApiRoutes } from './kinds/gateway-api-routes.js';
import { gateways } from './kinds/gateways.js';
import { installation } from './kinds/installation.js';
import { pods } from './kinds/pods.js';
import { rollouts } from './kinds/rollouts.js';
import { security } from './kinds/security.js';
import { sidecar } from './kinds/sidecar.js';
import { virtualService } from './kinds/virtual-service.js';

/** Kinds that belong together. */
interface Group {
  readonly title: string;
  readonly kinds: readonly Kind[];
}

/** Every kind that decides who gets in or where a request ends, and what becomes of all that its objects can say. */
export const inventory: readonly Group[] = [
  { title: 'Policies', kinds: security },
  { title: 'What runs, and its names', kinds: [everyObject, ...pods, ...cluster, ...endpoints] },
  {
    title: 'Where requests go',
    kinds: [virtualService, destinationRule, ...gatewayApiRoutes, ...rollouts, ...backendPolicies],
  },
  { title: 'Istio itself', kinds: installation },
  { title: 'Proxies', kinds: [...gateways, sidecar, ...extensions] },
];

export const kinds: readonly Kind[] = inventory.flatMap((group) => group.kinds);
