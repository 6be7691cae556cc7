import { oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
import type { Workload } from './model.js';

/** The workloads of a cluster by their namespace, each time the same lists. */
export const workloadsByNamespace = oncePerObject(
  (workloads: ReadonlyMap<string, Workload>): ReadonlyMap<string, readonly Workload[]> =>
    groupBy(workloads.values(), ({ namespace }) => namespace),
);
