import type { LanePlan } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asObject } from '../../mesh/json.js';
import { isWithin, type JsonValue, type Path, spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceOfDifference, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import type { Site } from '../sites.js';

/** A field with nothing behind it: it counts as absent, and what is not asked for is everything (§1.1). */
export function fieldsLeftEmpty(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { policy } = subject;
    return emptyFieldsIn(policy.object.value.spec ?? null, ['spec'])
      .filter(widens)
      .flatMap((place) => {
        const evidence = firstOf(subject.sites, (site) => decidedBy(context, subject, place, site));
        if (evidence === undefined) return [];
        const parameters = { field: String(place.at(-1)), policy: nameOf(policy) };
        const law =
          'a field that is null or an empty list is as if it were not written, and asks for nothing (istio-security §1.1)';
        const span = spanIn(policy.object, place, 'key');
        return diagnostic('field-left-empty', parameters, span, proofOf(evidence, law));
      });
  });
}

function emptyFieldsIn(value: JsonValue, place: Path): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => emptyFieldsIn(item, [...place, index]));
  return Object.entries(asObject(value) ?? {}).flatMap(([name, field]) => {
    const here = [...place, name];
    return isEmptyPart(name, field) ? [here] : emptyFieldsIn(field, here);
  });
}

/** A list without items counts as absent too, and who lists no callers or operations hardly means all of them. */
function isEmptyPart(name: string, field: JsonValue): boolean {
  return field === null || (['from', 'to'].includes(name) && Array.isArray(field) && field.length === 0);
}

/** No rules at all is how to write that nobody gets in. */
function widens(place: Path): boolean {
  return place.length > 2 || !['rules', 'action', 'provider'].includes(String(place[1]));
}

/** A request that the rule, or the whole policy, decides about: without what was left out, it is among all that match. */
function decidedBy(context: LintContext, { policy }: PolicyInMesh, place: Path, { plan }: Site): Evidence | undefined {
  const without: LanePlan = withPolicy(plan, policy, (compiled) => ({
    ...compiled,
    rules: compiled.rules.filter((rule) => place[1] === 'rules' && !isWithin(place, rule.place)),
  }));
  return evidenceOfDifference(context, compare(context, plan, without));
}
