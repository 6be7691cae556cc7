import type { Span } from '../diagnostics/diagnostic.js';
import type { WantedListener } from '../parse/traffic/listeners.js';
import type { Origin } from './resolved.js';

/** A Gateway of Gateway API that traffic settings describe and no manifest has: Ambit writes it. */
export interface PlannedGateway {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** The control plane that is to serve it. */
  readonly revision: string;
  readonly listeners: readonly WantedListener[];
  /** The settings that describe it, and where they name it. */
  readonly origin: Origin;
  readonly span: Span;
}
