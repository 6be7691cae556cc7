import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import type { Mesh } from '../mesh/mesh.js';
import { proxiesCutOff } from './network-policies/control-plane.js';

/**
 * Proxies that NetworkPolicies keep from istiod. These are asked about an output too, for a waypoint that it brings stands
 * where given NetworkPolicies were written without a thought of it.
 */
export function lintProxiesCutOff(mesh: Mesh): readonly Diagnostic[] {
  return inTextOrder(proxiesCutOff({ mesh }));
}
