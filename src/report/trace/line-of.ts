import type { Span } from '../../diagnostics/diagnostic.js';
import { rangeOf } from '../../diagnostics/position.js';

/** The line on which a text begins. */
export function lineOf(span: Span): number {
  return rangeOf(span).start.line;
}
