import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficSettings, Version } from '../../parse/traffic/settings.js';
import { keyOf, selects, type Workload } from '../../topology/model.js';
import { rolloutOf } from '../../topology/rollouts/weight-controllers.js';
import { sortBy } from '../../util/order.js';
import type { ResolveContext } from '../context.js';
import { destinationLabel } from '../destinations.js';
import type { Destination } from '../resolved.js';
import type { ResolvedRoute } from '../resolved-traffic.js';
import { placesOf } from './route-places.js';

/** Reports pods that belong to two versions, and those that belong to none where routes lead to nothing but versions. */
export function checkMembership(
  context: ResolveContext,
  { name, versions }: TrafficSettings,
  destinations: readonly Destination[],
  routes: readonly ResolvedRoute[],
): void {
  const places = routes.flatMap(placesOf).map(({ place }) => place.kind);
  const isByVersions = places.includes('version') && !places.includes('self');
  const byName = sortBy(versions, (version) => version.name.value);
  for (const destination of destinations) {
    const { workloads } = destination;
    const mixed = workloads.filter((workload) => !isToldApart(context, workload));
    byName.forEach((version, index) => {
      for (const other of byName.slice(0, index)) checkOverlap(context, destination, mixed, [other, version]);
    });
    const outside = workloads.filter((workload) => !versions.some((version) => isOf(version, workload)));
    // Without any pods of a version that is said already.
    if (!isByVersions || outside.length === workloads.length) continue;
    for (const workload of outside) {
      const parameters = { workload: keyOf(workload), service: destinationLabel(destination) };
      context.report(diagnostic('pods-without-version', parameters, name.span));
    }
  }
}

/** Whether a rollout controller tells the versions of its pods apart, by a label that it adds. */
function isToldApart({ topology }: ResolveContext, workload: Workload): boolean {
  const cluster = topology.clusters.find(({ name }) => name === workload.cluster);
  const rollout = cluster && rolloutOf(cluster, workload);
  return rollout !== undefined && rollout.routes.length > 0;
}

function checkOverlap(
  context: ResolveContext,
  destination: Destination,
  workloads: readonly Workload[],
  [first, second]: readonly [Version, Version],
): void {
  const [shared] = workloads.filter((workload) => isOf(first, workload) && isOf(second, workload));
  if (shared === undefined) return;
  const parameters = {
    first: first.name.value,
    second: second.name.value,
    service: destinationLabel(destination),
    workload: keyOf(shared),
  };
  const notes = [{ message: 'the other version', span: first.name.span }];
  context.report(diagnostic('versions-overlap', parameters, second.name.span, { notes }));
}

function isOf({ labels }: Version, workload: Workload): boolean {
  return selects(labels, workload.labels);
}
