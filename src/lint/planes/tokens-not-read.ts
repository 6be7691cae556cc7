import type { Gate } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { AuthorizationPolicy, RequestAuthentication } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { evidenceOfDifference, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import { isOfToken, testsOf } from '../written.js';

/** A rule about tokens where nothing validates any: no token is read there, so none has a principal or a claim (§6.3). */
export function tokensNotRead(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const test = subject.policy.rules.flatMap(testsOf).find(isOfToken);
    if (test === undefined) return [];
    const authentication = likelyAuthentication(subject.at, subject.policy);
    const evidence = firstOf(subject.sites, ({ plan }) => {
      const meant = withEnforcement(plan, (gate) =>
        readsNone(gate, subject) ? { ...gate.enforcement, authentication } : gate.enforcement,
      );
      return evidenceOfDifference(context, compare(context, plan, meant));
    });
    if (evidence === undefined) return [];
    const law = 'only a token that a RequestAuthentication validates at the same proxy is read (istio-security §6.3)';
    const parameters = { policy: nameOf(subject.policy), field: test.field };
    return diagnostic('token-not-read', parameters, spanIn(subject.policy.object, test.place), proofOf(evidence, law));
  });
}

function readsNone({ hop, enforcement }: Gate, { policy }: PolicyInMesh): boolean {
  const { authentication, policies } = enforcement;
  return hop.chain === 'http' && authentication.length === 0 && policies.some((compiled) => compiled.policy === policy);
}

/** Those that validate tokens elsewhere; where there are none, one for the issuers that the policy itself names. */
function likelyAuthentication(at: MeshCluster, policy: AuthorizationPolicy): readonly RequestAuthentication[] {
  const elsewhere = [...at.requestAuthentication.values()].flat();
  if (elsewhere.length > 0) return elsewhere;
  const principals = policy.rules.flatMap(testsOf).filter(({ attribute }) => attribute === 'request.auth.principal');
  const named = principals.flatMap(({ values }) => values.map(issuerOf)).filter((issuer) => !issuer.includes('*'));
  const issuers = named.length > 0 ? named : ['https://issuer.example'];
  const places = { bearer: true, headers: [], parameters: [], cookies: [] };
  const rules = issuers.map((issuer) => ({ issuer, audiences: [], forwards: false, places, wordClaims: [] }));
  const { namespace, name, scope, object } = policy;
  return [{ kind: 'RequestAuthentication', namespace, name, scope, rules, object }];
}

/** A request principal is split at its last slash (§6.5). */
function issuerOf(principal: string): string {
  const slash = principal.lastIndexOf('/');
  return slash < 0 ? '*' : principal.slice(0, slash);
}
