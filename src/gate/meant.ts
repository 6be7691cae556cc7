import type { Constants } from '../algebra/constants.js';
import type { RequestSet } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { podPortsOf } from '../proof/intents/demands.js';
import type { DestinationPort } from '../resolve/resolved.js';
import type { MeantTarget } from '../resolve/resolved-guardrail.js';
import { keyOf, type Workload } from '../topology/model.js';

/** The requests on a lane of which it is sure that some targets mean them. */
export interface MeantRequests {
  /** What they are compared with. */
  readonly constants: readonly Constants[];
  within(space: Space): RequestSet;
}

/** Whether a target means a port of the pods of a workload. */
export function isMeant(
  { destination, ports, exceptPorts }: MeantTarget,
  workload: Workload,
  podPort: number,
): boolean {
  const isIts = destination.workloads.some(
    (each) => each.cluster === workload.cluster && keyOf(each) === keyOf(workload),
  );
  const isAmong = (all: readonly DestinationPort[]) =>
    all.some((port) => podPortsOf(port, destination.service, workload).includes(podPort));
  return isIts && (ports === undefined ? !isAmong(exceptPorts) : isAmong(ports));
}
