import type { Destination } from '../../resolve/resolved.js';

/** How the names of a destination's objects begin. A workload often has its Service's name, and must not take its objects'. */
export function objectName({ service, name }: Destination): string {
  return service ? name : `${name}-workload`;
}
