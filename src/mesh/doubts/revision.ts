import type { ManifestObject } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { asLabels, asObject } from '../json.js';

/** The revision that an object names, where it is another than the cluster's: whether it counts there no manifest tells (E-30). */
export function otherRevision({ value }: ManifestObject, own: string): string | undefined {
  const named = asLabels(asObject(value.metadata)?.labels)[label.revision] || own;
  return named === own ? undefined : named;
}
