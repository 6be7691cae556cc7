const scheme = 'spiffe://';

/** A principal that is written as a SPIFFE URI, as planes compare it (§1.3); `undefined` for any other. */
export function withoutScheme(principal: string): string | undefined {
  return principal.startsWith(scheme) ? principal.slice(scheme.length) : undefined;
}
