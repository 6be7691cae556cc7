import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import type { TokenIssuer } from '../../../parse/tokens/token-issuer.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { PlaceContext } from '../context.js';
import { attaches, policyKey } from '../existing/existing-policy.js';

/**
 * Every RequestAuthentication that reaches a proxy counts there, and of several it is enough that one accepts a token
 * (istio-security §6.3): one with other keys accepts what the Mesh document does not.
 */
export function checkExistingAuthentications(
  context: PlaceContext,
  policy: DestinationPolicy,
  issuers: readonly TokenIssuer[],
): void {
  const destination = destinationLabel(policy.destination);
  const { rootNamespace } = context.ir.topology.mesh;
  for (const object of context.clusterOf(policy).policies) {
    if (object.kind !== 'RequestAuthentication' || isManaged(object)) continue;
    if (!attaches(object, policy, rootNamespace)) continue;
    const parameters = { policy: policyKey(object), destination };
    const span = spanIn(object, ['metadata', 'name']);
    const wider = issuers.flatMap((issuer) => tokenRulesOf(object).flatMap((rule) => widening(rule, issuer)))[0];
    if (wider) context.report(diagnostic('existing-authentication-widens', { ...parameters, ...wider }, span));
    else context.report(diagnostic('existing-authentication-narrows', parameters, span));
  }
}

type TokenRule = Readonly<Record<string, unknown>>;

export function tokenRulesOf({ value }: ManifestObject): readonly TokenRule[] {
  const { jwtRules } = Object(value.spec);
  return Array.isArray(jwtRules) ? jwtRules.map(Object) : [];
}

/** What a rule accepts of an issuer beyond what the Mesh document says; without an issuer of its own it accepts any. */
function widening(rule: TokenRule, { name, issuer, keys, audiences }: TokenIssuer): { issuer: string; how: string }[] {
  if ((rule.issuer ?? '') !== '' && rule.issuer !== issuer) return [];
  const own = { jwksUri: rule.jwksUri ?? rule.jwks_uri, jwks: rule.jwks };
  const hasSameKeys = (['jwksUri', 'jwks'] as const).every(
    (kind) => (own[kind] ?? undefined) === (keys.kind === kind ? keys.value : undefined),
  );
  if (!hasSameKeys) return [{ issuer: name, how: 'signed with other keys' }];
  const accepted: readonly unknown[] = Array.isArray(rule.audiences) ? rule.audiences : [];
  const isAsNarrow =
    audiences.length === 0 ||
    (accepted.length > 0 && accepted.every((audience) => audiences.some((each) => each === audience)));
  return isAsNarrow ? [] : [{ issuer: name, how: 'issued for others' }];
}
