import { type LanePlan, planLane } from '../../algebra/lane.js';
import { ledFrom } from '../../algebra/routes/led-from.js';
import { keyOf, type Service } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import type { PodSite } from '../sites.js';
import { type WaypointPath, waypointPathsTo } from './waypoint-paths.js';

/** A way to pods of a Service by another one: because both have these pods, or because a route leads there. */
export interface PathBeside extends WaypointPath {
  readonly other: Service;
}

/** Every way to the pods of a Service on which another one is addressed. What the Service says is asked under its own port. */
export function pathsBeside(context: LintContext, service: Service): readonly PathBeside[] {
  return (context.sitesBehind.get(service) ?? []).flatMap((site) =>
    [...bySharedPods(context, site), ...byRoutes(context, site)].flatMap(({ other, plan }) =>
      other === service ? [] : waypointPathsTo([{ ...site, plan }]).map((path) => ({ ...path, other })),
    ),
  );
}

interface Beside {
  readonly other: Service;
  readonly plan: LanePlan;
}

function bySharedPods(context: LintContext, { at, workload, podPort }: PodSite): readonly Beside[] {
  return workload.services.flatMap((key) => {
    const other = at.cluster.services.get(key);
    const sites = (other && context.sitesBehind.get(other)) ?? [];
    const shared = sites.filter((site) => site.workload === workload && site.podPort === podPort);
    return other === undefined ? [] : shared.map(({ plan }) => ({ other, plan }));
  });
}

function byRoutes({ mesh, callers }: LintContext, { at, workload, podPort, plan }: PodSite): readonly Beside[] {
  const led = (ledFrom(at).get(keyOf(workload)) ?? []).filter((each) => each.podPort === podPort);
  return led.map(({ service: other, port }) => {
    const base = { cluster: at.cluster.name, workload: keyOf(workload) };
    const destination = { kind: 'service', ...base, service: keyOf(other), port: port.number } as const;
    return { other, plan: planLane(mesh, callers, { destination, payload: plan.lane.payload }) };
  });
}
