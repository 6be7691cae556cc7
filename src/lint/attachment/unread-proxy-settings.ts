import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { doubtsIn } from '../../mesh/doubts/registry.js';
import { spanIn } from '../../parse/document.js';
import type { LintContext } from '../context.js';

const shown = 3;

/** Objects and annotations that change what a proxy does and are read no further: what passes there is undecided. */
export function unreadProxySettings({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    doubtsIn(at).map(({ object, path, what, places }) =>
      diagnostic('proxy-setting-not-read', { what, places: listOf(places) }, spanIn(object, path)),
    ),
  );
}

function listOf(places: readonly string[]): string {
  const names = places.slice(0, shown).map((place) => `\`${place}\``);
  const more = places.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}
