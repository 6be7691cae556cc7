import type { TokenIssuer } from '../../../parse/tokens/token-issuer.js';
import { sortBy } from '../../../util/order.js';

/** Whose tokens some rules ask about, each once and by name. */
export function askedIssuers(rules: ReadonlyArray<{ readonly issuers: readonly TokenIssuer[] }>): TokenIssuer[] {
  const byName = new Map(rules.flatMap(({ issuers }) => issuers.map((issuer) => [issuer.name, issuer] as const)));
  return sortBy(byName.values(), ({ name }) => name);
}
