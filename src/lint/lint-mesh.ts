import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import { readMesh } from '../mesh/mesh.js';
import type { Topology } from '../topology/model.js';
import { contextOf } from './context.js';
import { findings } from './registry.js';

/**
 * What the policies among the manifests do that nobody can have meant, each shown by a request. Policies that the
 * cluster would refuse come first: they are left out of everything else. Nothing here stops a compilation.
 */
export function lintMesh(topology: Topology): readonly Diagnostic[] {
  const { value: mesh, diagnostics } = readMesh(topology);
  const context = contextOf(mesh);
  return [...diagnostics, ...inTextOrder(findings.flatMap((finding) => finding(context)))];
}
