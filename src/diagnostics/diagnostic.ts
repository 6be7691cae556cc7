import type { DiagnosticName } from './catalogue.js';
import type { Severity } from './entry.js';

/** One input text. `path` is as the user knows it: relative where it was given relative, always with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in one file. Lines and columns are computed only where they are printed. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A value and where it was written. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

/** A fact that explains the message, with a second place where that helps. */
export interface Note {
  readonly message: string;
  readonly span?: Span;
  /** Whether it says what an enforcement point does to the witness, on its way. */
  readonly isStep?: true;
}

/** A change of the text that would mend what a diagnostic is about. */
export interface Fix {
  readonly span: Span;
  readonly replacement: string;
  /** Whether nothing else can have been meant, so that `ambit fix` makes the change by itself. */
  readonly isSafe: boolean;
}

/** One of those of whom a diagnostic is told, as its message names it. */
export interface Member {
  readonly name: string;
  /** What tells it from others of the same name, as in another cluster; absent where names do. */
  readonly key?: string;
  /** Where it is told of this one; that of the diagnostic where it is absent. */
  readonly span?: Span | null;
}

/** What a person is told: what (`message`), where (`span`), why (`notes`, `witness`) and what to do (`help`). */
export interface Diagnostic {
  readonly code: string;
  readonly name: DiagnosticName;
  readonly severity: Severity;
  readonly message: string;
  /** What the message is made of: the same in every wording. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** `null` says on purpose that there is no text to point at. */
  readonly span: Span | null;
  /** What is wrong with the underlined text, in a few words; drawn beside the carets. */
  readonly label?: string;
  /** What it is about in each state of a mesh, where its message names those of whom it is so in this one. */
  readonly about?: string;
  /** Whether it was so of all of them in a state before, where one was given to compare with. */
  readonly wasSo?: true;
  /** Those of whom it is told, where there may be several: a parameter of its message names the first and counts the others. */
  readonly together?: { readonly parameter: string; readonly members: readonly Member[] };
  /** The request that would slip through, or be wrongly denied. */
  readonly witness?: string;
  readonly notes: readonly Note[];
  /** One change that would fix it. */
  readonly help?: string;
  /** The same for a machine, where there is one text to write. */
  readonly fix?: Fix;
}

/** What every stage returns: its value, and everything it has to say about the input. */
export interface Result<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** The same for whatever says the same of the same place. */
export function identityOf({ code, message, span }: Diagnostic): string {
  return `${code} ${message} ${span?.file.path ?? ''}:${span?.start ?? ''}`;
}
