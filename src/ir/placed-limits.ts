import type { Origin } from '../resolve/resolved.js';
import type { LimitService, ResolvedRateLimit } from '../resolve/resolved-traffic.js';
import type { Attachment } from './attachment.js';

/** How many requests some proxies let through. */
export interface PlacedRateLimits {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly attachment: Extract<Attachment, { readonly kind: 'selector' | 'gateway' }>;
  /** The filter chains of these proxies in which they count. */
  readonly chains: readonly LimitedChain[];
  readonly limits: readonly ResolvedRateLimit[];
  readonly purpose: string;
  readonly origin: Origin;
}

/** What a rate limit service is told of the limits that proxies of a cluster ask it about. */
export interface PlacedLimitConfig {
  readonly cluster: string;
  readonly service: LimitService;
  /** By the ids of their origins, each once. */
  readonly limits: readonly ResolvedRateLimit[];
}

/** A chain of a sidecar by the pods’ port, that of a waypoint by its name, and those of a gateway by the port of its listener. */
export type LimitedChain =
  | { readonly destinationPort: number }
  | { readonly name: string }
  | { readonly portNumber: number };
