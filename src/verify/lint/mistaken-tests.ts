import type { Span } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import type { Test } from '../policy.js';
import type { Wishes } from './compare.js';
import { commonWishes } from './compare.js';
import type { LintContext, PolicyInMesh } from './context.js';
import type { Evidence } from './evidence.js';
import { type Correction, evidenceOfMistake } from './rewrite.js';
import type { Site } from './sites.js';
import { testsOf } from './written.js';

/** One value of a policy that does not do what it looks like. */
export interface Mistake {
  readonly subject: PolicyInMesh;
  readonly test: Test;
  readonly value: string;
  readonly span: Span;
}

/** The values of one attribute that look mistaken, with where they are written. */
export function mistakesIn(
  { policies }: LintContext,
  attribute: Test['attribute'],
  looksMistaken: (value: string, subject: PolicyInMesh, test: Test) => boolean,
): readonly Mistake[] {
  return policies.flatMap((subject) =>
    subject.policy.rules.flatMap(testsOf).flatMap((test) => {
      if (test.attribute !== attribute) return [];
      const wrong = [...new Set([...test.values, ...test.notValues])];
      return wrong
        .filter((value) => looksMistaken(value, subject, test))
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
  const path = beside ? [...place.slice(0, -1), `not${field.charAt(0).toUpperCase()}${field.slice(1)}`] : place;
  return spanIn(policy.object, [...path, index]);
}

/** What one mistaken value changes, if it changes anything. */
export function consequenceOf(
  context: LintContext,
  { subject, test, value }: Mistake,
  replace: (site: Site) => (...gate: Parameters<Correction>) => readonly string[],
  wishesAt: (site: Site) => Wishes = () => commonWishes,
): Evidence | undefined {
  const correct =
    (site: Site): Correction =>
    (candidate, gate) => {
      if (candidate.place !== test.place) return candidate;
      const swap = (written: string) => (written === value ? replace(site)(candidate, gate) : [written]);
      return { ...candidate, values: candidate.values.flatMap(swap), notValues: candidate.notValues.flatMap(swap) };
    };
  return evidenceOfMistake(context, subject, correct, wishesAt);
}
