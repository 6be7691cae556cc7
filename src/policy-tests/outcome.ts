import type { Span } from '../diagnostics/diagnostic.js';
import type { Fault } from '../mesh/fault-names.js';
import type { Request } from '../mesh/request.js';
import type { Responsible } from '../trace/responsible.js';

/** What became of one test: a case of an AccessTest, or a check of a Guardrail. */
export interface TestOutcome {
  readonly kind: 'AccessTest' | 'Guardrail';
  /** The name of its document. */
  readonly document: string;
  readonly name: string;
  /** What must hold, in words. */
  readonly claim: string;
  readonly span: Span;
  /** What its author says of it. */
  readonly reason: string | undefined;
  readonly status: Status;
  /** Why it has this status, in one sentence. */
  readonly because: string;
  /** The request that decides; absent where there is none to show. */
  readonly example: Example | undefined;
  /** What to do about it, where it is not what is done about others. */
  readonly help?: string;
  /** What was broken in the deployment that decides. */
  readonly fault: Fault | undefined;
  /** Whom the answer leaves out, because nothing is known of their way. */
  readonly leavesOut: string | undefined;
}

/** `undecided`: a fact is missing. `vacuous`: there is nothing that it could ever say no to, so it tests nothing. */
export type Status = 'passed' | 'failed' | 'undecided' | 'vacuous';

/** One request, what becomes of it, and what each enforcement point on its way says. */
export interface Example {
  readonly request: string;
  readonly verdict: 'allowed' | 'denied' | 'undecided';
  readonly because: string;
  readonly hops: readonly ExampleHop[];
  /** The rules of routes by which a gateway and a waypoint led it on, where it came through a gateway. */
  readonly routedBy: readonly Told[];
  /** What to trace to follow it, where it came through a gateway. */
  readonly traced?: Traced;
  /** What is not as it is expected of a request with that verdict; none where the verdict decides. */
  readonly unexpected: readonly Unexpected[];
}

/** A request as a command has to name it, whatever that command reads. */
export interface Traced {
  readonly request: Request;
  /** Where the mesh has several. */
  readonly cluster: string | undefined;
  readonly fault: Fault | undefined;
}

export type Unexpected = Told;

export interface Told {
  readonly what: string;
  /** The line that makes it so, where one does. */
  readonly span: Span | undefined;
}

export interface ExampleHop {
  /** `ztunnel of payments/ledger`, `waypoint payments/waypoint`. */
  readonly point: string;
  readonly outcome: 'passes' | 'denied' | 'undecided';
  readonly because: string;
  /** The policies that made it do so. */
  readonly decidedBy: readonly Responsible[];
}
