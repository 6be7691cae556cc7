import type { JsonObject, JsonValue } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { asArray, asLabels, asObject, asText } from '../../json.js';

/** The kinds that a policy can be attached to, under the group that each belongs to (§1.7, P-02). */
const groupsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['Service', ['', 'core']],
  ['ServiceEntry', ['networking.istio.io']],
  ['Gateway', ['gateway.networking.k8s.io']],
  ['GatewayClass', ['gateway.networking.k8s.io']],
]);

/** What is refused of a selector or of targets (§1.7). */
export function checkScope(spec: JsonObject): readonly Complaint[] {
  const scopes = ['selector', 'targetRef', 'targetRefs'].filter((field) => (spec[field] ?? null) !== null);
  const why = 'only one of `selector`, `targetRef` and `targetRefs` can be set';
  return [
    ...complaintWhen(scopes.length > 1, ['spec'], why),
    ...checkSelector(spec),
    ...(asObject(spec.targetRef) === undefined ? [] : checkTarget(spec.targetRef, ['spec', 'targetRef'])),
    ...asArray(spec.targetRefs).flatMap((target, index) => checkTarget(target, ['spec', 'targetRefs', index])),
  ];
}

/** Labels of a selector are compared as they are: a wildcard would never match, and is refused. */
export function checkSelector(spec: JsonObject): readonly Complaint[] {
  const labels = asLabels(asObject(spec.selector)?.matchLabels);
  return Object.entries(labels).flatMap(([key, value]) => {
    const place = ['spec', 'selector', 'matchLabels', key];
    return [
      ...complaintWhen(key === '', place, 'a label needs a name'),
      ...complaintWhen(`${key}${value}`.includes('*'), place, 'a selector has no wildcards'),
      ...complaintWhen(value.length > 63, place, 'the value of a label has at most 63 characters'),
    ];
  });
}

function checkTarget(target: JsonValue | undefined, place: Complaint['place']): readonly Complaint[] {
  const { group, kind, name, namespace } = asObject(target) ?? {};
  const groups = groupsOf.get(asText(kind) ?? '');
  return [
    ...complaintWhen(groups?.includes(asText(group) ?? '') !== true, place, 'this kind of target is not supported'),
    ...complaintWhen((asText(name) ?? '') === '', place, 'a target needs a name'),
    ...complaintWhen((asText(namespace) ?? '') !== '', place, 'a target is always in the namespace of its policy'),
  ];
}
