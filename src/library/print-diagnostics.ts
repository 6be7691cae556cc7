import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnosticsToText } from '../report/human.js';

export interface PrintOptions {
  /** Whether to colour the text for a terminal. */
  readonly colour?: boolean;
  /** How many columns a line may have; without it a sentence is one line. */
  readonly columns?: number;
}

/** Diagnostics as `ambit` prints them, and nothing where there are none. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], options: PrintOptions = {}): string {
  const { colour = false, columns } = options;
  const width = columns === undefined ? {} : { columns };
  return diagnosticsToText(diagnostics, { colourLevel: colour ? 1 : 0, displayPath: (path) => path, ...width });
}
