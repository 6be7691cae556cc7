import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import type { LintContext } from './lint.js';

/** In ambient a wildcard host works through a waypoint only (T-85). */
export function wildcardsWithoutWaypoint({ cluster }: LintContext): readonly Diagnostic[] {
  if (![...cluster.workloads.values()].some(({ mode }) => mode.plane === 'ambient')) return [];
  return [...cluster.serviceEntries.values()]
    .filter(({ hosts, binding }) => binding.kind !== 'bound' && hosts.some((host) => host.startsWith('*')))
    .map((entry) =>
      diagnostic('wildcard-without-waypoint', { entry: keyOf(entry) }, spanIn(entry.object, ['spec', 'hosts']), {
        notes: [{ message: 'ztunnel cannot resolve a wildcard; the entry waits for a waypoint (T-85)' }],
      }),
    );
}
