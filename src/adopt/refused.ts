import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isWithin } from '../diagnostics/position.js';
import { type ManifestObject, spanIn } from '../parse/document.js';
import type { Reshape } from '../pipeline.js';
import type { ClusterObject } from '../topology/build-topology.js';
import type { Besides } from './fates.js';

/** Policies that no cluster takes: they stand in a directory, and nobody enforces them. */
export type Refused = readonly Besides[];

export function isRefusal({ name }: Diagnostic): boolean {
  return name === 'policy-not-accepted';
}

/** The objects that are refused, each with the first reason. */
export function refusedAmong(objects: readonly ClusterObject[], refusals: readonly Diagnostic[]): Refused {
  if (refusals.length === 0) return [];
  return objects.flatMap(({ object }): Refused => {
    const own = spanIn(object);
    const refusal = refusals.find(({ span }) => span !== null && isWithin(span, own));
    if (refusal === undefined) return [];
    const because = `the cluster would refuse it: ${refusal.parameters.why}`;
    return [{ object, because, help: 'correct it or delete it: `ambit compile` stops at it' }];
  });
}

/** A deployment as it is in the cluster. */
export function withoutRefused(refused: Refused): Reshape {
  const places = new Set(refused.map(({ object }) => placeOf(object)));
  return ({ mesh, objects }) => ({ mesh, objects: objects.filter(({ object }) => !places.has(placeOf(object))) });
}

/** Every text is read anew for every compilation. */
function placeOf(object: ManifestObject): string {
  const { file, start } = spanIn(object);
  return `${file.path} ${start}`;
}
