import type { LoggedEnd, LogLine, Side } from '../trace/logs/log-line.js';

/** What a line of a log or a sample of a metric tells of calls of one kind. */
export interface Observation extends Pick<LogLine, 'request'> {
  readonly writtenBy: LogLine['writtenBy'] | 'metric';
  readonly caller: LoggedEnd;
  readonly destination: LoggedEnd;
  readonly side: Side | undefined;
  readonly outcome: 'passed' | 'refused';
  /** Whether what passed may have been refused: a proxy's metric of connections does not tell. */
  readonly isPerhapsRefused: boolean;
  /** How many calls: a line is one. */
  readonly count: number;
  /** When it was seen first, in RFC 3339. */
  readonly since: string | undefined;
  /** When it was seen at the latest. */
  readonly time: string | undefined;
}

/** What the texts tell, and how many of their lines tell nothing of a call that ended. */
export interface Observations {
  readonly all: readonly Observation[];
  readonly lines: number;
  /** Lines of no form that is known, and the first of them. */
  readonly unknown: number;
  readonly firstUnknown: string | undefined;
  /** Connections that were opened and not closed yet, dry runs, and what failed on its way. */
  readonly passedOver: number;
}
