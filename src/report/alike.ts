import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { groupBy } from '../util/order.js';

/** A finding that is told in full, and those of the same code that are named below it. */
export interface Told {
  readonly item: Diagnostic;
  readonly alike: readonly Diagnostic[];
}

/**
 * One cause is often found many times, and its explanation is read once: where a code is found more than `most` times,
 * its first finding stands for all of them. Nothing is left out, and the order stays.
 */
export function gathered(diagnostics: readonly Diagnostic[], most: number): readonly Told[] {
  const byCode = groupBy(diagnostics, ({ code }) => code);
  return diagnostics.flatMap((item) => {
    const all = byCode.get(item.code) ?? [];
    if (all.length <= most) return [{ item, alike: [] }];
    return item === all[0] ? [{ item, alike: all.slice(1) }] : [];
  });
}
