import { diagnostic } from '../diagnostics/create.js';
import type { Acceptance } from '../parse/ast.js';
import type { ResolveContext } from './context.js';

/** A waiver ends: after its last day it is an error, so that nobody accepts a gap for ever by forgetting it. */
export function checkAcceptances(context: ResolveContext, acceptances: readonly Acceptance[]): void {
  for (const { path, until, span } of acceptances) {
    if (!isDay(until.value)) context.report(diagnostic('malformed-date', { until: until.value }, until.span));
    else if (until.value < context.today)
      context.report(diagnostic('acceptance-expired', { path, until: until.value }, span));
  }
}

function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}
