import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import type { Mesh } from '../mesh/mesh.js';
import { apiServerRefused } from './planes/api-server-refused.js';
import { probesRefused } from './planes/probes-refused.js';

/**
 * Who calls from outside the mesh, is named by no policy, and is refused: the API server and the kubelet. These are asked
 * about an output too, for a mode or a default that closes a namespace was written without a thought of them.
 */
export function lintPlaintextCallers(mesh: Mesh): readonly Diagnostic[] {
  return inTextOrder([...apiServerRefused({ mesh }), ...probesRefused({ mesh })]);
}
