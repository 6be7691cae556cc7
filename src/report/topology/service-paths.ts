import type { Cluster, Service } from '../../topology/model.js';
import { type CallerPath, callerPlanes, pathsTo, type Receiver } from '../../topology/paths.js';
import { groupBy } from '../../util/order.js';
import type { Page } from '../layout.js';
import { field, table } from './layout.js';

const receivers: Readonly<Record<Receiver, string>> = {
  hbone: 'pods that accept HBONE',
  mtls: 'pods that accept Istio mTLS',
  plaintext: 'pods outside the mesh',
};

/** How each kind of caller arrives: one table, or one for each kind of pods behind the Service. */
export function servicePaths(service: Service, cluster: Cluster, page: Page): readonly string[] {
  if (service.selector !== undefined && service.workloads.length === 0)
    return field('paths', 'none: nothing is behind it', page);
  const groups = [...groupBy(pathsTo(cluster, service), ({ workloads }) => workloads)];
  return groups.flatMap(([workloads, paths]) => {
    const [first] = paths;
    if (groups.length === 1 || first === undefined) return pathTable(paths, page);
    const names = workloads.map((key) => key.slice(key.indexOf('/') + 1)).join(', ');
    return [...field('to', `${receivers[first.receiver]}: ${names}`, page), ...pathTable(paths, page)];
  });
}

function pathTable(paths: readonly CallerPath[], page: Page): readonly string[] {
  const rows = callerPlanes.map((caller) => {
    const own = paths.filter((path) => path.caller === caller);
    return [caller, ...own.map(({ arrival, fact }) => `${arrival} (${fact})`)];
  });
  return table('paths', rows, page, ['from', 'to its name', 'to a pod IP']);
}
