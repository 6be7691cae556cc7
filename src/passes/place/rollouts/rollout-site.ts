import type { PlacedDestinationRule, VersionService } from '../../../ir/placed-traffic.js';
import type { Path } from '../../../parse/document.js';
import type { RoutingObject } from './routing-objects.js';

/** What settings of a Service become, as far as a Rollout has to do with it. */
export interface RolloutSite {
  readonly objects: readonly RoutingObject[];
  /** That of the Service's host, with its versions as subsets. */
  readonly destinationRule: PlacedDestinationRule | undefined;
  /** The Services of its versions. */
  readonly services: readonly VersionService[];
  /** The name of the Service itself. */
  readonly whole: string;
}

/** Something that a Rollout says, or does, and that does not fit what the settings become. */
export interface RolloutFault {
  readonly why: string;
  readonly help: string;
  readonly path: Path;
}
