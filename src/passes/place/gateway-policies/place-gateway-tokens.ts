import type { PlacedRequestAuthentication } from '../../../ir/policy-ir.js';
import { podPortsOf, servedListeners } from '../../../resolve/gateways/gateway-ports.js';
import type { GatewayRequests, GatewayRule } from '../../../resolve/resolved-gateway-security.js';
import { type Gateway, keyOf } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { askedIssuers } from '../tokens/asked-issuers.js';
import { tellOfForeignTokens } from '../tokens/foreign-tokens.js';
import { attachmentOf } from './place-gateway-policies.js';

/** Validates the tokens that the rules of gateways ask about. */
export function placeGatewayTokens(context: PlaceContext): PlacedRequestAuthentication[] {
  return context.ir.gatewaySecurity.flatMap(({ gateway, rules, default: fallback }) => {
    const asking = rules.filter(({ issuers }) => issuers.length > 0);
    if (asking.length === 0) return [];
    const issuers = askedIssuers(asking);
    tellOfForeignTokens(context, {
      destination: `gateway \`${keyOf(gateway)}\``,
      issuers,
      open: rules.filter((rule) => isOpenToTokens(gateway, rule)).map(({ origin }) => origin),
      openDefault: fallback?.value === 'Deny' ? undefined : asking[0]?.origin.span,
    });
    return [
      {
        cluster: gateway.cluster,
        namespace: gateway.namespace,
        name: `${gateway.name}-tokens`,
        attachment: attachmentOf(gateway),
        issuers,
        purpose: `whose tokens gateway ${gateway.name} accepts`,
        origins: asking.map(({ origin }) => origin),
      },
    ];
  });
}

/** At a listener that reads connections only nobody looks for a token. */
function isOpenToTokens(gateway: Gateway, { effect, issuers, requests }: GatewayRule): boolean {
  if (effect !== 'Allow' || issuers.length > 0) return false;
  const reading = podPortsOf(servedListeners(gateway).filter(({ reads }) => reads === 'requests'));
  return requests.some((each) => reading.some((port) => speaksOf(each, port)));
}

function speaksOf({ ports, exceptPorts }: GatewayRequests, port: number): boolean {
  return ports?.includes(port) ?? !exceptPorts.includes(port);
}
