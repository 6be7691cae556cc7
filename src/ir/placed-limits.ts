import type { Origin } from '../resolve/resolved.js';
import type { ResolvedRateLimit } from '../resolve/resolved-traffic.js';
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

/** A chain of a sidecar by the pods’ port, that of a waypoint by its name, and those of a gateway by the port of its listener. */
export type LimitedChain =
  | { readonly destinationPort: number }
  | { readonly name: string }
  | { readonly portNumber: number };
