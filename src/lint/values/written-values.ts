import type { Span } from '../../diagnostics/diagnostic.js';
import { negated } from '../../mesh/fields.js';
import type { Test } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import type { LintContext, PolicyInMesh } from '../context.js';
import { testsOf } from '../written.js';

/** One value of a policy, and where it is written. */
export interface WrittenValue {
  readonly subject: PolicyInMesh;
  readonly test: Test;
  readonly value: string;
  readonly span: Span;
}

/** The values that policies compare with one attribute, as far as they are of interest. */
export function writtenValues(
  { policies }: LintContext,
  attribute: Test['attribute'],
  isMeant: (value: string, subject: PolicyInMesh, test: Test) => boolean,
): readonly WrittenValue[] {
  return policies.flatMap((subject) =>
    subject.policy.rules.flatMap(testsOf).flatMap((test) => {
      if (test.attribute !== attribute) return [];
      return [...new Set([...test.values, ...test.notValues])]
        .filter((value) => isMeant(value, subject, test))
        .map((value) => ({ subject, test, value, span: spanOfValue(subject, test, value) }));
    }),
  );
}

/** Conditions write their values one level deeper than the fields of `source` and `operation` do. */
function spanOfValue({ policy }: PolicyInMesh, { place, values, notValues, field }: Test, value: string): Span {
  const positive = values.indexOf(value);
  const index = positive >= 0 ? positive : notValues.indexOf(value);
  const isCondition = field.includes('.');
  const list = positive >= 0 ? 'values' : 'notValues';
  if (isCondition) return spanIn(policy.object, [...place, list, index]);
  const beside = positive < 0 && values.length > 0;
  const path = beside ? [...place.slice(0, -1), negated(field)] : place;
  return spanIn(policy.object, [...path, index]);
}
