import { diagnostic } from '../../diagnostics/create.js';
import type { PlaceContext } from './context.js';

/** A waiver without a gap is reported: it would cover, unseen, the first one that opens. Asked after everything is placed. */
export function reportUnusedAcceptances(context: PlaceContext): void {
  const written = context.ir.destinations.flatMap(({ obligations, plaintext }) =>
    [...obligations, ...plaintext].flatMap(({ accept }) => accept),
  );
  for (const acceptance of new Set(written)) {
    if (context.reliedOn.has(acceptance)) continue;
    context.report(diagnostic('acceptance-unused', { path: acceptance.path }, acceptance.span));
  }
}
