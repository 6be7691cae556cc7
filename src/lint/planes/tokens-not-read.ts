import type { Gate } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { shownBy } from '../causes/shown.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';
import { isOfToken, testsOf } from '../written.js';
import { likelyAuthentication } from './likely-authentication.js';

/** A rule about tokens where nothing validates any: no token is read there, so none has a principal or a claim (§6.3). */
export function tokensNotRead(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const test = subject.policy.rules.flatMap(testsOf).find(isOfToken);
    if (test === undefined) return [];
    const authentication = likelyAuthentication(subject.at, subject.policy);
    const meantAt = ({ plan }: Site) =>
      withEnforcement(plan, (gate) =>
        readsNone(gate, subject) ? { ...gate.enforcement, authentication } : gate.enforcement,
      );
    const search = { sites: subject.sites, effects: ['slips', 'refused'], meantAt } as const;
    const evidence = shownBy(context, { kind: 'token', policy: subject.policy }, search);
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
