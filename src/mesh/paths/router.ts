import type { MeshCluster } from '../mesh.js';
import { asAtSidecar, type Destination, type Target, targetOf } from '../routes/follow/target.js';
import type { Obeying } from '../routes/obeyed-rules.js';
import type { Mirror } from '../routes/route.js';
import type { LegEnd, RoutingStep } from './legs.js';

/** A proxy that routes, and for whom. */
export interface Router {
  readonly mesh: MeshCluster;
  readonly at: RoutingStep['at'];
  readonly name: string | undefined;
  /** Which DestinationRules it obeys. */
  readonly obeying: Obeying;
  /** The port that was addressed. */
  readonly port: number;
  /** What it does with what a rule names: it may not know it, and answers with this status then. */
  admit(target: Target, statusIfMissing: number): LegEnd;
}

/** Where a proxy sends the requests that a rule leads to a destination. */
export function requestEnd(router: Router, destination: Destination): LegEnd {
  const { at, mesh, obeying, port } = router;
  const target = targetOf(mesh, obeying, at === 'sidecar' ? asAtSidecar(destination, port) : destination, port);
  return router.admit(target, destination.statusIfMissing);
}

/** How a trace names what a rule leads to. */
export function describeTarget({ host, subset, port }: Pick<Mirror, 'host' | 'subset' | 'port'>): string {
  const version = subset === undefined ? '' : `, subset ${subset}`;
  return `to ${host}${port === undefined ? '' : `:${port}`}${version}`;
}
