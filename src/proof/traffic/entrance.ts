import type { CallerKind, Callers } from '../../algebra/callers.js';
import type { Constants } from '../../algebra/constants.js';
import type { Lane } from '../../algebra/lane.js';
import type { Way } from '../../mesh/paths/ways.js';
import type { HttpRequest, Source } from '../../mesh/request.js';
import type { Asked } from './asked.js';

/** Where requests of some callers come to a proxy that routes them: at their own sidecar, at a waypoint, or at a gateway. */
export interface Entrance {
  readonly asked: Asked;
  readonly lane: Lane;
  /** Those of whom the callers are some. */
  readonly all: Callers;
  readonly kind: CallerKind;
  /** Who the proxy sends as, whose settings hold. */
  readonly sender: Source;
  /** The ways of all requests, and those of one. */
  readonly ways: readonly Way[];
  waysOf(request: HttpRequest): readonly Way[];
  /** The host that all requests have; absent where any may be. */
  readonly host: string | undefined;
  /** Constants with those by which hosts are told apart, where something looks at them. */
  withHosts(constants: Constants): Constants;
  /** Whether a request with a host is meant, where something looks at it. */
  isMeant(host: string): boolean;
  /** Whether policies let any of the callers through. */
  isUsed(): boolean;
}
