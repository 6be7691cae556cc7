import type { Located, Span } from '../../diagnostics/diagnostic.js';

/** What the sidecars of a scope are to know of the mesh. */
export interface Reachability {
  /** Whether they know what the intents let their pods call. */
  readonly isDeclared: boolean;
  /** What they know beside that, or in its place. */
  readonly reaches: readonly ReachedName[];
  readonly span: Span;
}

/** A Service, all Services of a namespace, or a host outside the mesh. */
export interface ReachedName {
  readonly kind: 'service' | 'namespace' | 'host';
  readonly name: Located<string>;
}
