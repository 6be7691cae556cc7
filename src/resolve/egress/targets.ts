import { diagnostic } from '../../diagnostics/create.js';
import type { EgressRule, EgressTarget } from '../../parse/ast.js';
import { keyOf } from '../../topology/model.js';
import { isIpBlock } from '../../util/ip.js';
import { checkConditions } from '../conditions.js';
import type { ResolveContext } from '../context.js';
import type { Destination } from '../resolved.js';
import type { ResolvedEgressTarget } from '../resolved-egress.js';
import { serviceCalled } from '../service-called.js';
import { declaredBy } from './said-hosts.js';

/** The hosts of a rule, as whatever makes them known has them: a ServiceEntry, traffic settings, or the rules themselves. `namespaces`: of whoever calls. */
export function targetsOf(
  context: ResolveContext,
  { to }: EgressRule,
  namespaces: ReadonlySet<string>,
): readonly ResolvedEgressTarget[] {
  return to.flatMap((target) => {
    const { host, port } = target;
    const service = serviceCalled(context, host.value, namespaces);
    if (service) {
      const parameters = { host: host.value, service: keyOf(service) };
      const help = 'take it out: calls within the mesh are for the `allow` rules of the Service';
      context.report(diagnostic('host-of-mesh', parameters, host.span, { help }));
      return [];
    }
    if (isIpBlock(host.value)) {
      context.report(diagnostic('host-without-name', { host: host.value }, host.span));
      return [];
    }
    checkAddresses(context, target);
    const destinations = context.outside.get(host.value) ?? [];
    if (destinations.length === 0) {
      context.report(diagnostic('egress-protocol', { host: host.value, port: port.value }, port.span));
      return [];
    }
    for (const destination of destinations) checkSaid(context, target, destination);
    checkConditions(context, target.conditions);
    return [{ host: host.value, port: port.value, conditions: target.conditions, destinations, span: host.span }];
  });
}

function checkAddresses(context: ResolveContext, { addresses }: EgressTarget): void {
  for (const { value, span } of addresses)
    if (!isIpBlock(value)) context.report(diagnostic('malformed-ip-block', { block: value }, span));
}

/** What a rule says of a host is what makes it known, or else nothing. */
function checkSaid(context: ResolveContext, target: EgressTarget, { service }: Destination): void {
  const { host, port, protocol, addresses, conditions } = target;
  const known = service?.ports.find(({ number }) => number === port.value);
  if (known === undefined) {
    const declared = declaredBy(target);
    const name = declared === undefined ? 'egress-protocol' : 'egress-port-unknown';
    context.report(diagnostic(name, { host: host.value, port: port.value }, port.span));
    return;
  }
  const [condition] = conditions;
  if (condition !== undefined && known.layer !== 'http') {
    const parameters = { port: port.value, destination: `host \`${host.value}\``, protocol: known.protocol };
    const help = 'drop it, or let callers send HTTP, and TLS begin at the waypoint by `tls` of TrafficSettings';
    const field = condition.key;
    context.report(diagnostic('requests-on-tcp-port', { ...parameters, field }, condition.span, { help }));
  }
  const said = Object(service?.object.value.spec).addresses ?? [];
  const [address] = addresses;
  const isMoved = addresses.length !== said.length || addresses.some(({ value }) => !said.includes(value));
  const otherwise =
    protocol && protocol.value.toLowerCase() !== known.protocol
      ? { field: 'protocol', span: protocol.span }
      : address && isMoved && { field: 'addresses', span: address.span };
  if (otherwise)
    context.report(diagnostic('egress-host-otherwise', { field: otherwise.field, host: host.value }, otherwise.span));
}
