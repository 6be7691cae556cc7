import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedRequestAuthentication } from '../../../ir/policy-ir.js';
import type { ResolvedGatewaySecurity } from '../../../resolve/resolved-gateway-security.js';
import { keyOf } from '../../../topology/model.js';
import { sortBy } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { attachmentOf } from './place-gateway-policies.js';

/** Validates the tokens that the rules of gateways ask about. */
export function placeGatewayTokens(context: PlaceContext): PlacedRequestAuthentication[] {
  return context.ir.gatewaySecurity.flatMap((settings) => {
    const { gateway, rules } = settings;
    const asking = rules.filter(({ issuers }) => issuers.length > 0);
    const byName = new Map(asking.flatMap(({ issuers }) => issuers.map((issuer) => [issuer.name, issuer] as const)));
    if (asking.length === 0) return [];
    const issuers = sortBy([...byName.values()], ({ name }) => name);
    tellOfForeignTokens(context, settings, issuers.map(({ name }) => `\`${name}\``).join(' or '));
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

/** A token that nobody accepts is refused whatever is asked for (istio-security §6.3). */
function tellOfForeignTokens(
  context: PlaceContext,
  { gateway, default: fallback, rules }: ResolvedGatewaySecurity,
  issuers: string,
): void {
  const destination = `gateway \`${keyOf(gateway)}\``;
  const open = rules.filter((rule) => rule.effect === 'Allow' && rule.issuers.length === 0).map(({ origin }) => origin);
  const [first] = rules.filter((rule) => rule.issuers.length > 0);
  for (const { id, span } of open)
    context.report(diagnostic('foreign-token-refused', { what: `\`${id}\``, issuers, destination }, span));
  if (fallback?.value === 'Deny' || first === undefined) return;
  context.report(diagnostic('foreign-token-refused', { what: 'the default', issuers, destination }, first.origin.span));
}
