import { satisfying } from '../../algebra/conditions.js';
import { intersect } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { nounOf } from '../../mesh/attribute-nouns.js';
import { exactly } from '../../mesh/policies/matcher.js';
import type { Test } from '../../mesh/policies/policy.js';
import type { Request } from '../../mesh/request.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceIn, evidenceOf, proofOf } from '../evidence.js';
import type { Site } from '../sites.js';
import { testsOf } from '../written.js';
import { correctedPlan } from './rewrite.js';
import { type WrittenValue, writtenValues } from './written-values.js';

/** A claim that is compared with `true` or `false`: where it is a boolean, it equals no text (§6.5). */
export function booleansAsText(context: LintContext): readonly Diagnostic[] {
  return claimsOf(context).flatMap((attribute) =>
    writtenValues(context, attribute, isBoolean).flatMap((written) => {
      const evidence = firstOf(written.subject.sites, (site) => withBoolean(context, written, site));
      if (evidence === undefined) return [];
      const { subject, value, span } = written;
      const parameters = { policy: nameOf(subject.policy), claim: nounOf(attribute), value };
      const law = 'a number or a boolean equals no text, and policies compare texts only (istio-security §6.5)';
      return diagnostic('boolean-as-text', parameters, span, proofOf(evidence, law));
    }),
  );
}

function claimsOf({ policies }: LintContext): ReadonlyArray<Test['attribute']> {
  const attributes = policies.flatMap(({ policy }) => policy.rules.flatMap(testsOf).map((test) => test.attribute));
  return [...new Set(attributes)].filter((attribute) => attribute.startsWith('request.auth.claims['));
}

function isBoolean(value: string): boolean {
  return value === 'true' || value === 'false';
}

/** A request on which the value decides while the claim is a text, and no longer once it is a boolean. */
function withBoolean(context: LintContext, written: WrittenValue, site: Site): Evidence | undefined {
  const { subject, test, value } = written;
  const other = (texts: readonly string[]) => texts.map((text) => (text === value ? `no ${value}` : text));
  const without = correctedPlan(subject, site, (candidate) => {
    if (candidate.place !== test.place) return candidate;
    return { ...candidate, values: other(candidate.values), notValues: other(candidate.notValues) };
  });
  const comparison = compare(context, site.plan, without);
  const { space, slips, refused } = comparison;
  const having = satisfying(space, { attribute: test.attribute, anyOf: [exactly(value)], noneOf: [] }, 'surely');
  const admitted = evidenceIn(context.mesh, comparison, intersect(slips, having), 'allowed');
  if (admitted !== undefined) return evidenceOf(context.mesh, typed(admitted.request, test.attribute), 'denied');
  const denied = evidenceIn(context.mesh, comparison, intersect(refused, having), 'denied');
  return denied && evidenceOf(context.mesh, typed(denied.request, test.attribute), 'allowed');
}

/** The same request with a claim that is a boolean. */
function typed(request: Request, attribute: Test['attribute']): Request {
  const { payload } = request;
  if (payload.kind === 'tcp' || payload.token === undefined) return request;
  const { token } = payload;
  const path = attribute.slice('request.auth.claims['.length, -1).split('][').join('.');
  const values = (token.claims[path] ?? []).map((each) =>
    each === 'true' || each === 'false' ? each === 'true' : each,
  );
  return { ...request, payload: { ...payload, token: { ...token, claims: { ...token.claims, [path]: values } } } };
}
