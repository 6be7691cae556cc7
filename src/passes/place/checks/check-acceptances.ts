import { diagnostic } from '../../../diagnostics/create.js';
import type { PlaceContext } from '../context.js';

/** A waiver without a gap is reported: it would cover, unseen, the first one that opens. Asked after everything is placed. */
export function reportUnusedAcceptances(context: PlaceContext): void {
  const { destinations, defaults, mtls } = context.ir;
  const promises = destinations.flatMap((policy) => [
    ...policy.obligations,
    ...policy.plaintext,
    ...[policy.default, policy.mtls].flatMap((setting) => setting ?? []),
  ]);
  for (const acceptance of new Set([...promises, ...defaults, ...mtls].flatMap(({ accept }) => accept))) {
    if (context.reliedOn.has(acceptance)) continue;
    context.report(diagnostic('acceptance-unused', { path: acceptance.path }, acceptance.span));
  }
}
