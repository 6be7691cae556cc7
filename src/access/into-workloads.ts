import { type AddressedLane, lanesTo } from '../algebra/lanes.js';
import type { Workload } from '../topology/model.js';
import { sortBy } from '../util/order.js';
import type { AccessOnWay } from './access.js';
import { accessOn, type Scene } from './on-lane.js';

/** One way in, as it is addressed, with whoever gets anything through. */
export interface WayIn extends AccessOnWay {
  readonly workload: Workload;
  /** The port of the pods where they declare it, or where a Service or a policy names it; `undefined`: every other. */
  readonly podPort: number | undefined;
  readonly address: AddressedLane['address'];
}

export function waysInto(scene: Scene, workload: Workload): readonly WayIn[] {
  const { at, planner } = scene;
  const lanes = lanesTo({ at, workload, given: at.cluster, planner });
  const [last] = sortBy(
    lanes.flatMap(({ address }) => (address.kind === 'pod' ? [address.podPort] : [])),
    (port) => -port,
  );
  return lanes.map(({ lane, address }) => {
    const isAnyOther = address.kind === 'pod' && address.podPort === last;
    return { workload, podPort: isAnyOther ? undefined : address.podPort, address, ...accessOn(scene, lane) };
  });
}
