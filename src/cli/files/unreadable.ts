import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { outside } from './confined.js';
import { reasonOf, systemErrorCode } from './system-error.js';

/** Says in a diagnostic that a path cannot be read. */
export function unreadable(path: string, span: Span | null, error: unknown): Diagnostic {
  const reason = reasonOf(error);
  if (systemErrorCode(error) === 'ENOENT') return diagnostic('path-not-found', { path }, span);
  if (systemErrorCode(error) === outside) return diagnostic('outside-workspace', { path }, span);
  if (systemErrorCode(error) === 'ELOOP') return diagnostic('link-loop', { path }, span);
  return diagnostic('path-not-readable', { path, reason }, span);
}
