import type { Located, Span } from '../../diagnostics/diagnostic.js';

/** What proxies record of the requests and connections that pass them. */
export interface Telemetry {
  readonly accessLogs: AccessLogs | undefined;
  /** Each metric once, in the order in which they are written. */
  readonly metrics: readonly MetricChange[];
  readonly tracing: Tracing | undefined;
}

export type AccessLogs =
  | { readonly kind: 'disabled'; readonly span: Span }
  | {
      readonly kind: 'enabled';
      readonly providers: ReadonlyArray<Located<string>>;
      /** `undefined`: all of them. */
      readonly requests: LoggedRequests | undefined;
      /** An expression of CEL: what of it is logged. */
      readonly filter: Located<string> | undefined;
      readonly span: Span;
    };

/** Requests and connections. `Denied`: what the proxy itself refuses; `Audited`: what rules under `audit` mean. */
export type LoggedRequests = 'Denied' | 'Audited';

/** What becomes of one of Istio's metrics, or of all of them. */
export interface MetricChange {
  readonly metric: Located<string>;
  /** `undefined`: as a wider scope has it. */
  readonly disabled: boolean | undefined;
  /** Labels with the expressions of CEL that give their values. */
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

export const allMetrics = 'ALL_METRICS';

export type Tracing =
  | { readonly kind: 'disabled'; readonly span: Span }
  | {
      readonly kind: 'enabled';
      readonly provider: Located<string>;
      /** Of a hundred requests. */
      readonly sampling: number | undefined;
      readonly tags: Readonly<Record<string, TraceTag>> | undefined;
      readonly span: Span;
    };

/** Where the value of a tag comes from. */
export type TraceTag =
  | { readonly value: string }
  | { readonly header: string; readonly default?: string }
  | { readonly environment: string; readonly default?: string };
