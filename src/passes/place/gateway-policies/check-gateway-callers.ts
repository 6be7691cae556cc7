import { diagnostic } from '../../../diagnostics/create.js';
import { servedListeners } from '../../../resolve/gateways/gateway-ports.js';
import type { Caller } from '../../../resolve/resolved.js';
import type { GatewayRule, ResolvedGatewaySecurity } from '../../../resolve/resolved-gateway-security.js';
import type { Gateway, Listener } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** Refuses callers whom a gateway cannot tell from others. */
export function checkGatewayCallers(context: PlaceContext, { gateway, rules }: ResolvedGatewaySecurity): void {
  for (const rule of rules) {
    for (const caller of rule.callers) {
      if (caller.kind === 'addresses') checkAddress(context, gateway, caller);
      else if (caller.kind === 'unidentified' && !caller.isOne) checkWithoutIdentity(context, gateway, rule, caller);
      else if (caller.kind !== 'anyone' || caller.except.length > 0) checkIdentity(context, gateway, rule, caller);
    }
  }
}

/** Without knowing what stands before a gateway nobody knows whose address it sees. */
function checkAddress(context: PlaceContext, { namespace, name, topology }: Gateway, caller: Caller): void {
  if (topology.numTrustedProxies !== undefined || topology.proxyProtocol !== undefined) return;
  const parameters = { caller: caller.label, gateway: `${namespace}/${name}` };
  context.report(diagnostic('client-address-unknown', parameters, caller.span));
}

/** A gateway asks for a certificate of the mesh at a listener with mutual TLS of Istio's own, and at no other. */
function checkIdentity(context: PlaceContext, gateway: Gateway, rule: GatewayRule, caller: Caller): void {
  const open = meantListeners(gateway, rule).find(({ tls }) => tls !== 'ISTIO_MUTUAL');
  if (open === undefined) return;
  const parameters = { caller: caller.label, gateway: `${gateway.namespace}/${gateway.name}`, listener: open.name };
  const outcome =
    rule.effect === 'Allow' ? 'refused, though the rule allows it' : 'let through, though the rule denies it';
  const witness = `${caller.label} sends a request to listener ${open.name}, shows no certificate there and is ${outcome}`;
  context.report(diagnostic('identity-unseen-at-gateway', parameters, caller.span, { witness }));
}

/** Whether a client certificate of another kind is an identity of the mesh nobody can tell. */
function checkWithoutIdentity(context: PlaceContext, gateway: Gateway, rule: GatewayRule, caller: Caller): void {
  const asking = meantListeners(gateway, rule).find(({ tls }) => tls === 'MUTUAL' || tls === 'OPTIONAL_MUTUAL');
  if (asking === undefined) return;
  const parameters = { caller: caller.label, gateway: `${gateway.namespace}/${gateway.name}`, listener: asking.name };
  const witness = `a client shows its own certificate at listener ${asking.name}, and the policy may take its name for an identity`;
  const help = 'tell callers apart by addresses or requests, or use a listener that asks for no certificate';
  context.report(diagnostic('identity-unseen-at-gateway', parameters, caller.span, { witness, help }));
}

function meantListeners(gateway: Gateway, { requests }: GatewayRule): readonly Listener[] {
  return servedListeners(gateway).filter(({ podPort }) =>
    requests.some(({ ports, exceptPorts }) => ports?.includes(podPort) ?? !exceptPorts.includes(podPort)),
  );
}
