import type { Diagnostic, Span } from '../../src/diagnostics/diagnostic.js';

/** A diagnostic as its name and the text that it underlines. */
export type Underlined = readonly [name: string, text: string];

/** The name of each diagnostic, with the text it points at. */
export function underlined(diagnostics: readonly Diagnostic[]): Underlined[] {
  return diagnostics.map(({ name, span }) => [name, span ? spanText(span) : '']);
}

export function spanText({ file, start, end }: Span): string {
  return file.text.slice(start, end);
}
