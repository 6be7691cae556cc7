import type { JsonValue, Path } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { isConditionKey } from '../../fields.js';
import { asArray, asObject, asText } from '../../json.js';

/**
 * What the webhook refuses in how a rule is written: a source, an operation or a condition that says nothing (§1.1, §1.7).
 * A list without items arrives at istiod as if it were not written, and is taken.
 */
export function checkRule(rule: JsonValue, place: Path): readonly Complaint[] {
  const fields = asObject(rule) ?? {};
  return [
    ...checkItems(fields.from, 'source', [...place, 'from']),
    ...checkItems(fields.to, 'operation', [...place, 'to']),
    ...asArray(fields.when).flatMap((condition, index) => checkCondition(condition, [...place, 'when', index])),
  ];
}

function checkItems(items: JsonValue | undefined, inner: string, place: Path): readonly Complaint[] {
  return asArray(items).flatMap((entry, index) => {
    const fields = Object.values(asObject(asObject(entry)?.[inner]) ?? {});
    const empty = fields.every((values) => asArray(values).length === 0);
    return complaintWhen(empty, [...place, index, inner], `an empty \`${inner}\` is not allowed`);
  });
}

function checkCondition(condition: JsonValue, place: Path): readonly Complaint[] {
  const { key, values, notValues } = asObject(condition) ?? {};
  const name = asText(key) ?? '';
  if (!isConditionKey(name)) return [{ place, why: `there is no condition key \`${name}\`` }];
  return complaintWhen(asArray(values).length + asArray(notValues).length === 0, place, 'a condition needs values');
}
