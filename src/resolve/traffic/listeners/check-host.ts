import { diagnostic } from '../../../diagnostics/create.js';
import type { Located } from '../../../diagnostics/diagnostic.js';
import { coversName, nameServed } from '../../../topology/listeners/admitted.js';
import type { Listener } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import type { GatewayObject } from '../../resolved-traffic.js';

/** A host is served where a listener that reads requests admits it. */
export function checkHost(context: ResolveContext, gateway: GatewayObject, host: Located<string>): void {
  const { listeners, namespace, name } = gateway;
  const reading = listeners.filter(({ reads, standing }) => reads === 'requests' && standing.kind !== 'left-out');
  const admitted = sortedUnique(reading.flatMap(({ hosts }) => hosts.map((each) => each.host)));
  if (admitted.some((each) => nameServed(each, host.value) !== undefined)) return;
  const parameters = { host: host.value, gateway: `${namespace}/${name}`, hosts: admitted.join(', ') || 'none' };
  const help = `${whatToAdd(context, gateway, host.value)}; those that read requests admit ${parameters.hosts}`;
  context.report(diagnostic('host-not-admitted', parameters, host.span, { help }));
}

function whatToAdd(
  { planned }: ResolveContext,
  { api, cluster, namespace, name, listeners }: GatewayObject,
  host: string,
): string {
  const isUnread = ({ reads, hosts }: Listener) =>
    reads === 'connections' && hosts.some((each) => coversName(each.host, host));
  const unread = listeners.find(isUnread);
  if (unread !== undefined) {
    return `add one that does, or name \`port\` ${unread.port} or \`serverNames\` in \`match\`: listener \`${unread.name}\` leads connections on`;
  }
  const isPlanned = planned.some(
    (each) => each.cluster === cluster && each.namespace === namespace && each.name === name,
  );
  if (isPlanned) return `add \`${host}\` to \`hosts\` of one of its \`listeners\``;
  if (api === 'istio') return `add \`${host}\` to \`hosts\` of one of its servers`;
  return `add a listener to it, such as \`{ name: web, port: 80, protocol: HTTP, hostname: "${host}" }\``;
}
