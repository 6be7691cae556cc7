import type { Span } from '../diagnostics/diagnostic.js';
import type { BoundScope } from './resolved.js';

/** The Services whose routes and settings are exported to the namespaces of their callers alone. */
export interface ResolvedExports {
  /** Never a workload. */
  readonly scope: BoundScope;
  readonly span: Span;
}
