import type { Change, Changes, Side } from '../../changes/change.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import type { ReleaseLaw } from './laws.js';

/** A comparison of two states, with how each side is called. */
export interface DiffReport {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  readonly changes: Changes;
  /** Whether both sides read the very same texts. */
  readonly isSameText: boolean;
}

export interface ComparedSide {
  /** `main`, `staging/`, `the working tree`. */
  readonly label: string;
  /** What `ambit trace` is told to look at this side; `undefined` where it cannot. */
  readonly inputs: readonly string[] | undefined;
  /** The path of a source as its reader finds it: `main:intents/shop.yaml`. */
  displayPath(path: string): string;
  /** A line of a source, where it is known. */
  lineAt(place: ShownPlace): Span | undefined;
}

export function sideOf({ before, after }: Pick<DiffReport, Side>, side: Side): ComparedSide {
  return side === 'before' ? before : after;
}

/** A place in a text, as it is shown. */
export interface ShownPlace {
  readonly file: string;
  readonly line: number;
}

/** A change in words, for every format. */
export interface ToldChange {
  readonly change: Change;
  readonly diagnostic: Diagnostic;
  readonly causes: readonly ToldCause[];
  readonly witness: ToldWitness | undefined;
  /** What Istio does otherwise, where it is another release. */
  readonly laws: readonly ReleaseLaw[];
}

export interface ToldCause {
  readonly text: string;
  readonly side: Side;
  readonly place: ShownPlace | undefined;
  /** The same place in its text. */
  readonly span: Span | null;
}

export interface ToldWitness {
  readonly request: string;
  readonly before: ToldAnswer;
  readonly after: ToldAnswer;
}

/** What becomes of a request on one side. */
export interface ToldAnswer {
  readonly verdict: 'allowed' | 'denied' | 'undecided';
  readonly because: string;
  /** The command that follows it there; absent where none can name its sender. */
  readonly command: string | undefined;
}
