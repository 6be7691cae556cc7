import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asObject, asText } from '../../mesh/json.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { didYouMean } from '../../util/suggest.js';
import type { LintContext } from '../context.js';
import { hostsBelow, ownersOf } from './known-hosts.js';
import { nearHosts } from './near-hosts.js';
import { lawsOf } from './shown.js';

/** A DestinationRule for a host that nobody has: its TLS, its limits and its versions are nobody's. */
export function settingsForNothing({ mesh }: LintContext): readonly Diagnostic[] {
  const { clusterDomain } = mesh.topology.mesh;
  return [...mesh.clusters.values()].flatMap((at) =>
    at.cluster.routes
      .filter(({ kind }) => kind === 'DestinationRule')
      .flatMap((object) => {
        const written = asText(asObject(object.value.spec)?.host) ?? '';
        const host = fullHost(written, object.namespace ?? 'default', clusterDomain).toLowerCase();
        const isKnown = host.startsWith('*') ? hostsBelow(at, host).length > 0 : ownersOf(at, host).length > 0;
        if (isKnown || written === '') return [];
        return diagnostic('settings-for-nothing', { rule: describe(object), host }, spanIn(object, ['spec', 'host']), {
          ...lawsOf(
            'no request shows it: every one is sent as if the rule were not there (istio-traffic-topology T-07)',
          ),
          ...didYouMean(nearHosts(at, host)),
        });
      }),
  );
}
