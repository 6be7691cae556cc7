import type { Compared } from './compare.js';

/** Where Istio does something else than the model says, and it is Istio's fault: what it does, and why that is no law. */
export interface KnownFault {
  readonly id: string;
  readonly what: string;
  /** Where it can be read: an issue, or the lines that are wrong. */
  readonly source: string;
  readonly explains: (compared: Compared) => boolean;
}

export const knownFaults: readonly KnownFault[] = [];

export function faultBehind(compared: Compared): KnownFault | undefined {
  return knownFaults.find(({ explains }) => explains(compared));
}
