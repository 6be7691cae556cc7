import { diagnostic } from '../../diagnostics/create.js';
import type { TargetReference } from '../../parse/ast.js';
import { type Gateway, keyOf } from '../../topology/model.js';
import { aboutRequests, checkConditions } from '../conditions.js';
import type { ResolveContext } from '../context.js';
import { alternativesOf } from '../except.js';
import type { GatewayRequests } from '../resolved-gateway-security.js';
import { checkReading, portsOfGateway, requestPorts } from './gateway-ports.js';
import { portsWithNames } from './server-names.js';

/** The requests to a gateway that a rule speaks of. `onlyRequests`: even where it says nothing of how they look. */
export function requestsOf(
  context: ResolveContext,
  gateway: Gateway,
  target: TargetReference,
  onlyRequests = false,
): GatewayRequests[] {
  if (target.destination) {
    context.report(diagnostic('destination-behind-gateway', {}, target.destination.span));
    return [];
  }
  for (const { conditions } of [target, ...target.except]) checkConditions(context, conditions);
  const named = target.port && portsOfGateway(context, gateway, target.port);
  const excepted = new Map(
    target.except.flatMap(({ port }) => (port ? [[port, portsOfGateway(context, gateway, port)] as const] : [])),
  );
  return alternativesOf(context, target).flatMap(({ conditions, exceptPorts }) => {
    const ofRequests = aboutRequests(conditions);
    if (named) checkReading(context, gateway, named, ofRequests);
    const removed = exceptPorts.flatMap((port) => excepted.get(port) ?? []);
    const reading = named ?? (onlyRequests || ofRequests.length > 0 ? requestPorts(gateway) : undefined);
    if (named === undefined && reading?.length === 0) reportNoRequests(context, gateway, target);
    const known = portsWithNames(context, gateway, conditions, reading, named);
    const ports = known?.filter((port) => !removed.includes(port));
    if (ports?.length === 0) return [];
    return [{ ports, exceptPorts: ports ? [] : removed, conditions, span: target.span }];
  });
}

/** A rule that can hold for nothing would be left out, and nobody would know. */
function reportNoRequests(context: ResolveContext, gateway: Gateway, { conditions, span }: TargetReference): void {
  const [condition] = conditions;
  const parameters = { destination: `gateway \`${keyOf(gateway)}\``, field: condition?.key ?? 'external' };
  const help = `drop \`${parameters.field}\`, or give the gateway a listener that reads requests`;
  context.report(diagnostic('no-http-port', parameters, condition?.span ?? span, { help }));
}
