import type { Result } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import { readMesh } from '../mesh/mesh.js';
import type { Topology } from '../topology/model.js';
import { contextOf } from './context.js';
import { findings } from './registry.js';

/** How much a lint looked at. */
export interface Linted {
  /** Every address that leads to a port of a pod. */
  readonly ways: number;
}

/**
 * What the policies among the manifests do that nobody can have meant, each shown by a request. Policies that the
 * cluster would refuse come first: they are left out of everything else. Nothing here stops a compilation.
 */
export function lintMesh(topology: Topology): Result<Linted> {
  const { value: mesh, diagnostics } = readMesh(topology);
  const context = contextOf(mesh);
  const found = inTextOrder(findings.flatMap((finding) => finding(context)));
  return { value: { ways: context.sites.length }, diagnostics: [...diagnostics, ...found] };
}
