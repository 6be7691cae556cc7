import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Topology } from '../../topology/model.js';
import { sortBy } from '../../util/order.js';
import { readMesh } from '../mesh.js';
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

/** By file, place and code. A manifest that is given to several clusters is blamed once. */
function inTextOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const identity = ({ span, code, message }: Diagnostic) => [span?.file.path, span?.start, code, message].join('\n');
  const distinct = [...new Map([...found].reverse().map((item) => [identity(item), item])).values()].reverse();
  return sortBy(
    distinct,
    ({ span }) => span?.file.path ?? '',
    ({ span }) => span?.start ?? 0,
    ({ code }) => code,
  );
}
