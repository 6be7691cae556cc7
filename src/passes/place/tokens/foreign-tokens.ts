import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { TokenIssuer } from '../../../parse/tokens/token-issuer.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { PlaceContext } from '../context.js';

/**
 * Where tokens are validated, a request with one that nobody accepts is refused on every path, those included for which
 * no token is asked (istio-security §6.3).
 */
export function tellOfForeignTokens(
  context: PlaceContext,
  policy: DestinationPolicy,
  issuers: readonly TokenIssuer[],
): void {
  const destination = destinationLabel(policy.destination);
  const names = issuers.map(({ name }) => `\`${name}\``).join(' or ');
  const tell = (what: string, span: Obligation['span']) =>
    context.report(diagnostic('foreign-token-refused', { what, issuers: names, destination }, span));
  const open = policy.obligations.filter((each) => each.effect === 'Allow' && isOpenToTokens(each));
  for (const { origin } of open) tell(`\`${origin.id}\``, origin.span);
  const first = policy.obligations.find((each) => each.issuers.length > 0);
  if (policy.default?.value !== 'Deny' && first) tell('the default', policy.default?.origin.span ?? first.span);
}

function isOpenToTokens({ issuers, ports }: Obligation): boolean {
  return issuers.length === 0 && (ports?.some(({ layer }) => layer !== 'tcp') ?? true);
}
