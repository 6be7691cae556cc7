import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Rule } from '../policy.js';
import { type LintContext, nameOf } from './context.js';
import { proofOf } from './evidence.js';
import { misspellingOf } from './misspelt.js';
import { testsOf } from './written.js';
import { consequenceOf, writtenValues } from './written-values.js';

const attributes = ['request.method', 'request.path', 'request.host', 'request.auth.principal'] as const;

/** A value that no request has, however it is sent: a denial by it is open, an allowance empty (§1.4). */
export function valuesNeverEqual(context: LintContext): readonly Diagnostic[] {
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, (value) => misspellingOf(attribute, value) !== undefined).flatMap((mistake) => {
      const misspelling = misspellingOf(attribute, mistake.value);
      const evidence = misspelling && consequenceOf(context, mistake, () => [mistake.value, misspelling.meant]);
      if (misspelling === undefined || evidence === undefined) return [];
      const { why, right } = misspelling;
      const parameters = { policy: nameOf(mistake.subject.policy), value: mistake.value, why };
      const help = right === undefined ? 'name each value in full' : `write \`${right}\``;
      const proof = proofOf(evidence, 'values are compared as they stand (istio-security §1.4, §1.5, §6.5, §8.1)');
      return diagnostic('value-never-equal', parameters, mistake.span, { ...proof, help });
    }),
  );
}

/** Whether some value of a rule can be had by no request. */
export function hasMisspelling(rule: Rule): boolean {
  return testsOf(rule).some(({ attribute, values }) =>
    values.some((value) => misspellingOf(attribute, value) !== undefined),
  );
}
