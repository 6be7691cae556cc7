import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Source } from '../../parse/parse-sources.js';
import { type VerifyOptions, verify } from '../../pipeline.js';

/** What is said where proxies do something else with traffic than its settings say, or may do so. */
const ofTraffic: ReadonlySet<Diagnostic['name']> = new Set<Diagnostic['name']>([
  'routed-otherwise',
  'routing-not-proved',
  'host-made-known-otherwise',
  'endpoints-otherwise',
  'endpoints-not-proved',
]);

/**
 * What the mesh as it was does otherwise than settings of traffic say. Nothing: since the mesh as it is going to be does what they
 * say as well, both do the same, also of what the comparison of two meshes does not look at.
 */
export function asItWas(sources: readonly Source[], options: VerifyOptions): readonly Diagnostic[] {
  const { diagnostics, proof } = verify(sources, options);
  const isTold = ({ name, severity }: Diagnostic) => (proof === undefined ? severity === 'error' : ofTraffic.has(name));
  return diagnostics.filter(isTold);
}
