import type { Span } from '../diagnostics/diagnostic.js';
import type { Point } from '../mesh/policies/attach.js';
import type { Truth } from '../mesh/truth.js';

/** One place that a request passes, or would have passed. */
export interface TracedHop {
  readonly kind: Point['kind'] | 'route' | 'pod' | 'host';
  readonly name: string;
  readonly because: string;
  readonly outcome: 'passes' | 'denied' | 'unknown' | 'not reached';
  /** The sentence that decides here. */
  readonly decision: string | undefined;
  /** Whether it reads requests, or connections only. */
  readonly reads: 'requests' | 'connections' | undefined;
  readonly sees: readonly Seen[];
  readonly policies: readonly TracedPolicy[];
  /** The rule of a route that decided where it goes on to. */
  readonly rule?: Span;
}

export interface Seen {
  readonly name: string;
  readonly value: string;
}

export interface TracedPolicy {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly action: string;
  readonly matched: Truth;
  readonly span: Span;
  readonly rules: readonly TracedRule[];
  /** What of the policy as written is not enforced here. */
  readonly lost: readonly Place[];
}

export interface TracedRule extends Place {
  readonly matched: Truth;
}

export interface Place {
  readonly because: string;
  readonly span: Span;
}
