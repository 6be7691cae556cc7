import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { isManaged, type ManifestObject } from '../../../parse/document.js';
import type { TokenIssuer } from '../../../parse/tokens/token-issuer.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { type Gateway, keyOf } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { reachesGateway } from '../existing/existing-policy.js';
import { tokenRulesOf } from './check-existing.js';

/**
 * A gateway that validates tokens takes them out of the request, unless it is told to forward them (istio-security §6.1):
 * then a rule behind it that asks for one refuses whoever comes through.
 */
export function checkGatewaysBefore(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): void {
  const { origin, issuers, conditions } = obligation;
  const asked = conditions.find(({ key, isNegated }) => key === 'token' && !isNegated);
  if (asked === undefined) return;
  for (const gateway of gatewaysAmong(context, policy, obligation)) {
    const taken = issuers.find((issuer) => takes(context, policy, gateway, issuer));
    if (taken === undefined) continue;
    const parameters = { gateway: keyOf(gateway), issuer: taken.name, rule: origin.id };
    const witness = `an end user with a token of \`${taken.name}\` calls through \`${keyOf(gateway)}\`, and comes to ${destinationLabel(policy.destination)} without it`;
    context.report(diagnostic('token-taken-at-gateway', parameters, asked.span, { witness }));
  }
}

/** The gateways that a rule names as callers. */
function gatewaysAmong(context: PlaceContext, policy: DestinationPolicy, { callers }: Obligation): readonly Gateway[] {
  const { gateways } = context.clusterOf(policy);
  return callers.flatMap((caller) =>
    caller.kind === 'identities' ? caller.members.flatMap(({ name }) => gateways.get(name) ?? []) : [],
  );
}

function takes(context: PlaceContext, policy: DestinationPolicy, gateway: Gateway, issuer: TokenIssuer): boolean {
  const { gatewaySecurity, topology } = context.ir;
  const own = gatewaySecurity.filter((settings) => keyOf(settings.gateway) === keyOf(gateway));
  const isValidated = own.some(({ rules }) => rules.some(({ issuers }) => issuers.includes(issuer)));
  const reaches = (object: ManifestObject) =>
    object.kind === 'RequestAuthentication' &&
    !isManaged(object) &&
    reachesGateway(object, gateway, topology.mesh.rootNamespace);
  const existing = context.clusterOf(policy).policies.filter(reaches).flatMap(tokenRulesOf);
  return (
    (isValidated && !issuer.forwardOriginalToken) ||
    existing.some((rule) => rule.issuer === issuer.issuer && rule.forwardOriginalToken !== true)
  );
}
