import type { MeshCluster } from '../../mesh/mesh.js';
import type { AuthorizationPolicy, RequestAuthentication } from '../../mesh/policies/policy.js';
import { bearer } from '../../mesh/policies/token-places.js';
import { testsOf } from '../written.js';

/** Those that validate tokens elsewhere; where there are none, one for the issuers that the policy itself names. */
export function likelyAuthentication(at: MeshCluster, policy: AuthorizationPolicy): readonly RequestAuthentication[] {
  const elsewhere = [...at.requestAuthentication.values()].flat();
  if (elsewhere.length > 0) return elsewhere;
  const principals = policy.rules.flatMap(testsOf).filter(({ attribute }) => attribute === 'request.auth.principal');
  const named = principals.flatMap(({ values }) => values.map(issuerOf)).filter((issuer) => !issuer.includes('*'));
  const issuers = named.length > 0 ? named : ['https://issuer.example'];
  const rules = issuers.map((issuer) => ({
    issuer,
    audiences: [],
    forwards: false,
    places: [bearer],
    wordClaims: [],
    writes: [],
  }));
  const { namespace, name, scope, object } = policy;
  return [{ kind: 'RequestAuthentication', namespace, name, scope, rules, object }];
}

/** A request principal is split at its last slash (§6.5). */
function issuerOf(principal: string): string {
  const slash = principal.lastIndexOf('/');
  return slash < 0 ? '*' : principal.slice(0, slash);
}
