import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { lineText, rangeOf } from '../../diagnostics/position.js';
import { hashOf } from '../../util/hash.js';

/** A finding and what it is known by from run to run. */
export interface Fingerprinted {
  readonly item: Diagnostic;
  readonly fingerprint: string;
}

/**
 * What a finding is known by, although lines above it come and go: its code, its file, the text of its line and what
 * the message is made of. Of several that are alike the second has `:2` at its end, as GitHub counts them.
 */
export function withFingerprints(
  diagnostics: readonly Diagnostic[],
  displayPath: (path: string) => string,
): readonly Fingerprinted[] {
  const times = new Map<string, number>();
  return diagnostics.map((item) => {
    const hash = hashOf(JSON.stringify(identityOf(item, displayPath)));
    const time = (times.get(hash) ?? 0) + 1;
    times.set(hash, time);
    return { item, fingerprint: `${hash}:${time}` };
  });
}

function identityOf({ code, parameters, span }: Diagnostic, displayPath: (path: string) => string): readonly unknown[] {
  const values = Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1));
  if (span === null) return [code, values];
  return [code, values, displayPath(span.file.path), lineText(span.file, rangeOf(span).start.line).trim()];
}
