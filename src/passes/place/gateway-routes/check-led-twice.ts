import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedGatewayConnections } from '../../../ir/placed-traffic.js';
import type { ResolvedConnections } from '../../../resolve/resolved-traffic.js';
import { keyOf } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** Reports connections that two routes lead on: which of the two counts their age would decide. */
export function checkLedTwice(context: PlaceContext, placed: readonly PlacedGatewayConnections[]): void {
  for (const [index, second] of placed.entries()) {
    const first = placed.slice(0, index).find((each) => meets(each, second));
    if (first === undefined) continue;
    const { gateway, hosts, port, isByName, route } = second;
    const parameters = { gateway: keyOf(gateway), what: inWords({ serverNames: isByName ? hosts : [], port }) };
    const notes = [{ message: 'the other is here', span: first.route.origin.span }];
    context.report(diagnostic('connections-led-twice', parameters, route.origin.span, { notes }));
  }
}

/** Whether some connection is for both: the same name or none, on the same port or any. */
function meets(first: PlacedGatewayConnections, second: PlacedGatewayConnections): boolean {
  return (
    first.cluster === second.cluster &&
    keyOf(first.gateway) === keyOf(second.gateway) &&
    first.isByName === second.isByName &&
    (first.port === second.port || first.port === undefined || second.port === undefined) &&
    (!first.isByName || first.hosts.some((host) => second.hosts.includes(host)))
  );
}

/** What connections are told by. */
export function inWords({ serverNames, port }: Pick<ResolvedConnections, 'serverNames' | 'port'>): string {
  return serverNames.length > 0 ? `TLS for \`${serverNames.join('`, `')}\`` : `connections on port ${port}`;
}
