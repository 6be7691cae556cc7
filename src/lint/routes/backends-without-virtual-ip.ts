import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { ownersOf } from './known-hosts.js';
import { sendingsOf, writtenRoutes } from './route-rules.js';
import { sampleOf } from './samples.js';
import { lawsOf } from './shown.js';

/** Routes of the mesh that lead from one host to a Service without virtual IP: what is sent so comes back to the first (F-11). */
export function backendsWithoutVirtualIp(context: LintContext): readonly Diagnostic[] {
  const said = new Set<string>();
  return writtenRoutes(context).flatMap(({ at, route }) => {
    if (!route.attachments.some(({ kind }) => kind === 'mesh')) return [];
    return sendingsOf(route).flatMap((sending) => {
      const { host, object, place, rule } = sending;
      const key = `${at.cluster.name} ${describe(object)} ${place.join('.')}`;
      const leadsBack = ownersOf(at, host).some(({ kind, owner }) => kind === 'Service' && owner.headless);
      if (said.has(key) || route.hosts.includes(host) || !leadsBack) return [];
      said.add(key);
      const sample = rule && sampleOf(route, rule);
      return diagnostic('backend-without-virtual-ip', { route: describe(object), host }, spanIn(object, place), {
        ...(sample && { witness: `${sample} does not come to \`${host}\`` }),
        ...lawsOf('sidecars and waypoints send on to the address that the client chose (istio-traffic-topology F-11)'),
      });
    });
  });
}
