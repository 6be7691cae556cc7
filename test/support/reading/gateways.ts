import type { Payload, Request } from '../../../src/mesh/request.js';
import type { Condition } from '../../../src/parse/ast.js';
import type { Caller } from '../../../src/resolve/resolved.js';
import type { GatewayRule, ResolvedGatewaySecurity } from '../../../src/resolve/resolved-gateway-security.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { keyOf } from '../../../src/topology/model.js';
import type { Wanted } from './reading.js';
import { patternOf, satisfies } from './requests.js';
import { isWithin } from './rules.js';
import { hasToken, takesToken } from './tokens.js';

/** What settings say of one request to a gateway; `undefined` where none has it as its scope. */
export function wantedAtGateway({ gatewaySecurity }: Resolved, request: Request): Wanted | undefined {
  const { destination } = request;
  if (destination.kind === 'external') return undefined;
  const name = 'workload' in destination ? destination.workload : destination.gateway;
  const security = gatewaySecurity.find(
    ({ gateway }) => gateway.cluster === destination.cluster && keyOf(gateway) === name,
  );
  if (security === undefined) return undefined;
  const front = security.gateway.fronts.find(({ port }) => port === destination.port);
  const podPort = destination.kind === 'pod' ? destination.port : (front?.podPort ?? destination.port);
  return wanted(security, podPort, request);
}

function wanted(security: ResolvedGatewaySecurity, podPort: number, request: Request): Wanted {
  const { gateway, rules, default: fallback } = security;
  const listener = gateway.listeners.find((each) => each.podPort === podPort);
  // Whoever writes X-Forwarded-For may say any address.
  const isUncertain =
    rules.some(({ callers }) => callers.some(({ kind }) => kind === 'addresses')) && hasProxies(security);
  // Nobody inside the cluster begins with the PROXY protocol, and what does not is no connection.
  const isCutOff = gateway.topology.proxyProtocol === true && request.source.kind !== 'outside';
  if (listener === undefined || isUncertain || isCutOff) return 'open';
  const isOfKind = listener.reads === 'requests' || request.payload.kind === 'tcp';
  const isMeant = (effect: GatewayRule['effect']) =>
    rules.some((rule) => rule.effect === effect && speaks(rule, podPort, request));
  if (isMeant('Deny') || (fallback?.value === 'Deny' && !isMeant('Allow'))) return 'denied';
  const isTaken = rules.some((rule) => rule.effect === 'Allow' && speaks(rule, podPort, request, takesToken));
  if (hasToken(request.payload) && !isTaken) return 'open';
  return isOfKind && request.payload.kind === 'http' ? 'allowed' : 'open';
}

function hasProxies({ gateway: { topology } }: ResolvedGatewaySecurity): boolean {
  return (topology.numTrustedProxies ?? 0) > 0;
}

function speaks(
  { callers, requests }: GatewayRule,
  podPort: number,
  { payload, ...request }: Request,
  isTaken: typeof takesToken = () => true,
): boolean {
  const isAsked = requests.some(
    ({ ports, exceptPorts, conditions }) =>
      (ports?.includes(podPort) ?? !exceptPorts.includes(podPort)) &&
      asksFor(conditions, request.destination, payload) &&
      satisfies(
        conditions.filter(({ key }) => key !== 'serverNames'),
        payload,
      ) &&
      isTaken({ conditions }, payload),
  );
  return isAsked && callers.some((caller) => isFrom(caller, request.source));
}

/** Whether the name for which a client asks in its handshake is as the conditions say: that of its request, where no other is said. */
function asksFor(conditions: readonly Condition[], destination: Request['destination'], payload: Payload): boolean {
  const said = destination.kind === 'gateway' ? destination.serverName : undefined;
  const name = (said ?? (payload.kind === 'http' ? payload.host.replace(/:\d+$/, '') : undefined))?.toLowerCase();
  return conditions
    .filter(({ key }) => key === 'serverNames')
    .every(({ values, isNegated }) => {
      const isOne = name !== undefined && values.some(({ value }) => patternOf(value).test(name));
      return isOne !== isNegated;
    });
}

/** No certificate of the mesh is asked for at the listeners of these cases. */
function isFrom(caller: Caller, source: Request['source']): boolean {
  if (caller.kind === 'addresses')
    return isWithin(source.ip, caller.ipBlocks) && !isWithin(source.ip, caller.exceptBlocks);
  return caller.kind === 'anyone' || (caller.kind === 'unidentified' && !caller.isOne);
}
