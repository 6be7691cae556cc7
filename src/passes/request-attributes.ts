import type { Attribute } from '../dataplanes/capabilities.js';
import type { Obligation } from '../ir/policy-ir.js';

/** What of requests an obligation asks its enforcement point for. */
export function attributesOf({ conditions, authorizer }: Obligation): readonly Attribute[] {
  return [...(authorizer === undefined ? [] : (['authorizer'] as const)), ...conditions.map(({ key }) => key)];
}
