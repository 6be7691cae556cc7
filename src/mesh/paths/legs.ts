import type { Service, ServicePort } from '../../topology/model.js';
import type { AppliedChanges } from '../routes/follow/changes.js';
import type { RouteChoice } from '../routes/follow/follow.js';
import type { RoutedRequest } from '../routes/follow/matching.js';
import type { Target } from '../routes/follow/target.js';
import type { Mirror, Origin, RouteRule, WeightedDestination } from '../routes/route.js';
import type { NamedHost, OutsideHost } from './host-names.js';

/** What one proxy that routes does with a request, or with some of those that are alike. */
export interface Leg {
  /** Its part of all requests, out of 1. */
  readonly share: number;
  /** Absent where nobody routes. */
  readonly step: RoutingStep | undefined;
  /** What it sends on; `undefined` for bytes. */
  readonly sent: RoutedRequest | undefined;
  readonly applied: readonly AppliedChanges[];
  readonly to: LegEnd;
  /** The rule for requests that decided, and the destination of it that was drawn; absent where none did. */
  readonly rule?: RouteRule;
  readonly destination?: Pick<WeightedDestination, 'subset' | 'isExternal'>;
  /** The copy that it is of what another leg is about: nobody waits for its answer. */
  readonly copy?: Mirror;
  /** For which of all requests, where the leg is about all. */
  readonly choice?: RouteChoice;
}

/** Where it goes from there. `passed on`: to the address that the client chose, as it came. */
export type LegEnd =
  | Target
  | { readonly kind: 'passed on'; readonly because: string }
  | { readonly kind: 'no-path'; readonly because: string };

/** A proxy's decision about a request, as a trace tells it. */
export interface RoutingStep {
  readonly at: 'sidecar' | 'gateway' | 'waypoint';
  /** The waypoint or gateway; absent for the caller's own sidecar. */
  readonly name: string | undefined;
  /** The rule that decided; absent where none did. */
  readonly rule: Origin | undefined;
  /** The objects whose rules were tried, in words; empty where there are none. */
  readonly tried: string;
  readonly because: string;
  readonly before: RoutedRequest | undefined;
  readonly after: RoutedRequest | undefined;
}

/** A Service and one of its ports; or the host of a ServiceEntry that stands for no pods, as the Service that proxies take it for. */
export interface ServiceAt {
  readonly service: Service;
  readonly port: ServicePort;
  readonly outside?: OutsideHost;
}

export function atHost(named: NamedHost): ServiceAt {
  const { port } = named;
  return named.service === undefined
    ? { service: named.outside, port, outside: named }
    : { service: named.service, port };
}

export function hostAt({ service, port, outside }: ServiceAt): NamedHost {
  return outside ?? { ...service, port, service };
}

/** On to the pods of a Service, whichever load balancing picks, or to a host outside the mesh. */
export function toAll({ service, port, outside }: ServiceAt): LegEnd {
  if (outside !== undefined) return { kind: 'external', named: outside };
  return { kind: 'pods', service, port, workloads: service.workloads };
}

/** What the proxy before is sent to by a leg that goes on. */
export function sentTo(to: LegEnd): ServiceAt | undefined {
  if (to.kind === 'external') return atHost(to.named);
  return to.kind === 'pods' ? to : undefined;
}

/** A leg on which nobody routes. */
export function unrouted(at: ServiceAt, sent: RoutedRequest | undefined): Leg {
  return { share: 1, step: undefined, sent, applied: [], to: toAll(at) };
}
