import type { Span } from '../../diagnostics/diagnostic.js';
import type { Trace } from '../../trace/trace.js';
import { printable } from '../display-width.js';
import { lineOf } from './line-of.js';
import type { SourceIntentsOf } from './origins.js';

/** A trace with what belongs around it when it is shown. */
export interface TraceReport {
  readonly trace: Trace;
  readonly sourceIntentsOf: SourceIntentsOf;
  /** What is judged: the mesh with the compiled output applied, accepted or refused, with the written one, or as it is. */
  readonly mesh: 'after-apply' | 'refused' | 'as-written' | 'as-is';
  readonly faults: readonly string[];
  /** Other pods behind the same names that get another answer. */
  readonly others: readonly OtherAnswer[];
  /** How many pods were asked about, the first included. */
  readonly pods: number;
  readonly assumedHost: string | undefined;
  readonly displayPath: (path: string) => string;
}

interface OtherAnswer {
  readonly from: string;
  readonly pod: string;
  readonly verdict: Trace['verdict']['kind'];
  readonly seen: string;
}

/** `deploy/east/20-policies/…yaml:12`. */
export function placeOf(span: Span, displayPath: TraceReport['displayPath']): string {
  return printable(`${displayPath(span.file.path)}:${lineOf(span)}`);
}
