import type { Service } from '../../topology/model.js';

/**
 * How far a Service is from what people call its pods by, whether they call or are called: of several that lead to the same pods
 * the nearest is named, and that is the one with their own name, or else one with an address.
 */
export function distance({ name, workloads, hasVip }: Service): number {
  const isNamedAsPods = workloads[0]?.endsWith(`/${name}`) === true;
  return (isNamedAsPods ? 0 : 2) + (hasVip ? 0 : 1);
}
