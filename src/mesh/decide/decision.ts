import type { Path } from '../paths/hops.js';
import type { Way } from '../paths/ways.js';
import type { HopTrace } from '../policies/decide-hop.js';
import type { Request } from '../request.js';

/** What the mesh does with one request, and why. */
export interface Decision {
  readonly request: Request;
  readonly verdict: Verdict;
  /** The sentence that decides. */
  readonly because: string;
  readonly path: Path;
  /** The enforcement points it reached, in order; the last is where it was stopped, if it was. */
  readonly trace: readonly HopTrace[];
  /** The way that it took through proxies that route, and all that it might have taken; none where nobody routes. */
  readonly way?: Way;
  readonly ways?: readonly Way[];
  /** What a gateway that was addressed sends on: then the way begins at the gateway. */
  readonly onward?: Request;
  /** The workload at whose pods it ends, where it was for a host outside the mesh and routes lead there. */
  readonly endsAt?: string;
}

export type Verdict =
  | {
      readonly kind: 'allowed';
      /** External authorizers that are asked on the way: it is allowed if each of them agrees. */
      readonly asks: readonly string[];
    }
  | {
      readonly kind: 'denied';
      readonly response: Response;
      /** What a route answers with, or an authorizer's settings make the caller see instead. */
      readonly status?: number;
    }
  | { readonly kind: 'not-modelled' };

/**
 * What the caller sees: 403, 401, 400, a closed connection, 503 from a proxy behind which it was closed, the status with
 * which a route answers, or no way at all.
 */
type Response = 'forbidden' | 'unauthenticated' | 'bad-request' | 'closed' | 'unavailable' | 'answered' | 'no-path';
