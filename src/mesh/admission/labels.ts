import type { JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asLabels, asObject } from '../json.js';

const value = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const prefix = /^([a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*\/)?/;
const longest = 63;

/** Labels that pods can have. */
export function checkLabels(labels: JsonValue | undefined, place: Path): readonly Complaint[] {
  return Object.entries(asLabels(labels)).flatMap(([key, text]) => [
    ...complaintWhen(!isKey(key), [...place, key], `\`${key}\` is no name of a label`),
    ...complaintWhen(!value.test(text), [...place, key], `\`${text}\` is no value of a label`),
  ]);
}

function isKey(key: string): boolean {
  const name = key.replace(prefix, '');
  return name !== '' && name.length <= longest && value.test(name);
}

/** The `workloadSelector` of a Sidecar or a ServiceEntry: labels as they are, without stars (L-55). */
export function checkSelector(selector: JsonValue | undefined, field: string, place: Path): readonly Complaint[] {
  return Object.entries(asLabels(asObject(selector)?.[field])).flatMap(([key, text]) => [
    ...complaintWhen(key === '', [...place, field], 'a label has no name'),
    ...complaintWhen(
      `${key}${text}`.includes('*'),
      [...place, field, key],
      `\`${key}: ${text}\` has a star, which selectors do not read`,
    ),
  ]);
}
