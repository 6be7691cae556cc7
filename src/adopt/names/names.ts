import type { Topology } from '../../topology/model.js';
import { callerNames, type Found } from './caller-names.js';

/** How people call what policies know by identities, labels and numbers. */
export interface Names {
  caller(attribute: string, value: string): Found;
}

export function namesIn(topology: Topology): Names {
  return { caller: callerNames(topology) };
}
