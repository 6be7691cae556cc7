import type { Gate, LanePlan } from '../../algebra/lane.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import type { Enforcement } from '../../mesh/policies/enforcement.js';
import type { AuthorizationPolicy, Test } from '../../mesh/policies/policy.js';
import { compileForms } from '../../mesh/policies/policy-forms.js';
import type { LintContext, PolicyInMesh } from '../context.js';
import { blindPlaneOf, checkedAt, lossOf, readInFull } from '../planes/blind.js';
import { likelyAuthentication } from '../planes/likely-authentication.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';
import { replacementOf } from '../values/mistakes/corrections.js';
import { asKnown, type Outsider } from '../values/outsiders.js';
import { correctedPolicy } from '../values/rewrite.js';
import { isOfToken, testsOf } from '../written.js';
import type { Cause } from './cause.js';

/** What is mended, and of which caller without certificate it is asked what it would do with one. */
export interface Mending {
  readonly isMended: (cause: Cause) => boolean;
  readonly outsider: Outsider | undefined;
}

/** The way in if several causes at once were mended: values first, then what planes make of them. */
export function mendedPlan(context: LintContext, site: Site, mending: Mending): LanePlan {
  return withEnforcement(site.plan, (gate): Enforcement => {
    const { enforcement } = gate;
    const policies = enforcement.policies.map((compiled) => {
      const subject = context.subjectOf(compiled.policy);
      return subject === undefined ? compiled : mendedPolicy(context, compiled, subject, { site, gate, mending });
    });
    return { ...enforcement, policies, authentication: tokensRead(context, gate, mending) };
  });
}

interface Place {
  readonly site: Site;
  readonly gate: Gate;
  readonly mending: Mending;
}

function mendedPolicy(
  context: LintContext,
  compiled: CompiledPolicy,
  subject: PolicyInMesh,
  { site, gate, mending: { isMended, outsider } }: Place,
): CompiledPolicy {
  const policy = correctedPolicy(subject.policy, (test) =>
    correctedTest(context, subject, test, { site, gate, isMended }),
  );
  const { at } = subject;
  const forms = compileForms(policy, at.trustDomains, at.cluster.settings.istio.version);
  const plane = blindPlaneOf(gate);
  const form = (plane === 'ztunnel' ? forms.ztunnel : forms[gate.hop.chain]) ?? compiled;
  const rules = policy.rules.flatMap((rule) => {
    const isBlind = plane !== undefined && lossOf(subject, rule, plane) !== undefined;
    if (isBlind && isMended({ kind: 'reading', plane, rule: rule.place })) {
      return readInFull(forms, rule, plane, site.plan.lane.payload);
    }
    return form.rules.filter(({ place }) => place === rule.place);
  });
  const isKnown = outsider !== undefined && isMended({ kind: 'certificate', outsider });
  const known = isKnown ? rules.map((rule) => asKnown(rule, outsider.identity)) : rules;
  return { ...form, policy: compiled.policy, rules: known };
}

function correctedTest(
  context: LintContext,
  subject: PolicyInMesh,
  test: Test,
  { site, gate, isMended }: Pick<Place, 'site' | 'gate'> & Pick<Mending, 'isMended'>,
): Test {
  const isMeant = (value: string) => isMended({ kind: 'value', test: test.place, value });
  const correct = (value: string): readonly string[] => {
    if (!isMeant(value)) return [value];
    return replacementOf(context, subject, test, value)?.(site, gate) ?? [value];
  };
  if (![...test.values, ...test.notValues].some(isMeant)) return test;
  return { ...test, values: test.values.flatMap(correct), notValues: test.notValues.flatMap(correct) };
}

/** The tokens that would be read: those of a proxy in the place of ztunnel, and where no policy says which, likely ones. */
function tokensRead(context: LintContext, gate: Gate, { isMended }: Mending): Enforcement['authentication'] {
  const { policies, authentication } = gate.enforcement;
  const asking = policies.flatMap(({ policy }) => {
    const subject = context.subjectOf(policy);
    return subject !== undefined && asksForTokens(subject.policy) ? [subject] : [];
  });
  const [first] = asking;
  if (first === undefined) return authentication;
  const readable = blindPlaneOf(gate) === 'ztunnel' ? checkedAt(gate, first.at) : authentication;
  if (readable.length > 0) return readable;
  const mended = asking.find(({ policy }) => isMended({ kind: 'token', policy }));
  return mended === undefined ? readable : likelyAuthentication(mended.at, mended.policy);
}

function asksForTokens({ rules }: AuthorizationPolicy): boolean {
  return rules.some((rule) => testsOf(rule).some(isOfToken));
}
