import type { Gate, Lane } from '../../algebra/lane.js';
import { isHttpAttribute } from '../../mesh/fields.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { requestAuthenticationAt } from '../../mesh/policies/attach.js';
import type { CompiledRule, Loss } from '../../mesh/policies/compiled.js';
import type { Enforcement } from '../../mesh/policies/enforcement.js';
import type { Rule } from '../../mesh/policies/policy.js';
import type { PolicyForms } from '../../mesh/policies/policy-forms.js';
import type { PolicyInMesh } from '../context.js';
import { keeping, ruleAsWritten, testsOf } from '../written.js';

/** A plane that sees connections and no requests: ztunnel, and a proxy on a TCP port. */
export type BlindPlane = 'ztunnel' | 'tcp';

/** What kind of blind plane a gate is, if it is one. */
export function blindPlaneOf({ hop: { point, chain } }: Gate): BlindPlane | undefined {
  if (point.kind === 'ztunnel') return 'ztunnel';
  return chain === 'tcp' ? 'tcp' : undefined;
}

/** What the plane itself says it loses; ztunnel loses trust domains without a word (§2.3). */
export function lossOf({ forms }: PolicyInMesh, rule: Rule, plane: BlindPlane): Loss | undefined {
  const tests = testsOf(rule);
  const told = forms[plane]?.lost.find(({ place }) => tests.some((test) => test.place === place));
  if (told !== undefined || plane === 'tcp') return told;
  const unsaid = tests.find(({ attribute }) => attribute === 'source.trustDomain');
  return unsaid && { place: unsaid.place, why: 'ztunnel leaves `trustDomains` out without a word (§2.3)' };
}

/** The tokens that would be checked if a proxy stood there that sees requests. */
export function checkedAt({ hop: { point } }: Gate, at: MeshCluster): Enforcement['authentication'] {
  const seeing = point.kind === 'ztunnel' ? { kind: 'sidecar' as const, workload: point.workload } : point;
  return requestAuthenticationAt(seeing, at);
}

/** A rule as a blind plane would enforce it if it saw what the rule asks for; of an ALLOW on TCP, whom it names. */
export function readInFull(
  forms: PolicyForms,
  rule: Rule,
  plane: BlindPlane,
  payload: Lane['payload'],
): readonly CompiledRule[] {
  return plane === 'tcp' && forms.policy.action === 'ALLOW'
    ? connectionsOf(forms, rule)
    : ruleAsWritten(forms, rule, payload);
}

/** The rule without what it asks of requests. */
export function connectionsOf({ http }: PolicyForms, rule: Rule): readonly CompiledRule[] {
  return http.rules
    .filter(({ place }) => place === rule.place)
    .map((own) => keeping(own, ({ attribute }) => !isHttpAttribute(attribute)));
}
