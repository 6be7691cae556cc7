import { groupBy, sortBy } from '../util/order.js';
import type { Diagnostic, Fix } from './diagnostic.js';

/** A diagnostic that can be mended without a person. */
export type Fixable = Diagnostic & { readonly fix: Fix };

/** Those of which the fix is certain. Two that touch the same text are left to a second run, as what the first leaves may need none. */
export function safeFixes(diagnostics: readonly Diagnostic[]): readonly Fixable[] {
  const safe = diagnostics.filter((item): item is Fixable => item.fix?.isSafe === true);
  const byFile = groupBy(safe, ({ fix }) => fix.span.file.path);
  return [...byFile.values()].flatMap((items) => {
    let end = -1;
    return sortBy(items, ({ fix }) => fix.span.start).filter(({ fix: { span } }) => {
      if (span.start <= end) return false;
      end = span.end;
      return true;
    });
  });
}

/** The text of a file after the fixes that concern it; none of them overlaps another. */
export function applyFixes(text: string, fixes: readonly Fix[]): string {
  return [...fixes]
    .sort((left, right) => right.span.start - left.span.start)
    .reduce(
      (mended, { span, replacement }) => mended.slice(0, span.start) + replacement + mended.slice(span.end),
      text,
    );
}
