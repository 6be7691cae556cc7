import type { Destination } from '../../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { isHostOfEntry } from '../../../topology/entry-host.js';
import type { RouteNeed } from './route-needs.js';

/** What settings ask of a route because they are for a host: an entry that is there may be for others, of which nothing was said. */
export function hostNeeds({ service }: Pick<Destination, 'service'>, { origin, through }: Asking): RouteNeed[] {
  if (service === undefined || !isHostOfEntry(service)) return [];
  const { hosts } = Object(service.object.value.spec);
  const isAlone = Array.isArray(hosts) && hosts.length === 1;
  return [
    ...(isAlone ? [] : [{ feature: 'hostAmongOthers' as const, span: origin.span }]),
    ...(through ? [{ feature: 'throughGateway' as const, span: through.span }] : []),
  ];
}

type Asking = Pick<ResolvedTraffic, 'origin' | 'through'>;
