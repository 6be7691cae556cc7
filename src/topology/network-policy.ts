import type { ManifestObject } from '../parse/document.js';
import { alreadyReported, itemsAt, textsAt } from './fields.js';
import { readSelector } from './label-selector.js';
import type { LabelSelector } from './model.js';

/** Whether a NetworkPolicy says what pods may send: `policyTypes` decides, or else whether it has rules for it. */
export function governsEgress(object: ManifestObject): boolean {
  const types = textsAt(object, ['spec', 'policyTypes'], alreadyReported);
  return types.length > 0 ? types.includes('Egress') : itemsAt(object, ['spec', 'egress'], alreadyReported).length > 0;
}

/** Whether it says what pods may be sent: it does wherever `policyTypes` does not say otherwise. */
export function governsIngress(object: ManifestObject): boolean {
  const types = textsAt(object, ['spec', 'policyTypes'], alreadyReported);
  return types.length === 0 || types.includes('Ingress');
}

/** The pods of its namespace that it is for. */
export function podSelectorOf(object: ManifestObject): LabelSelector {
  return readSelector(object, ['spec', 'podSelector'], alreadyReported);
}
