import type { JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { nanosecondsOf } from '../go-duration.js';
import { asText } from '../json.js';
import { isWritten } from './refusal.js';

const millisecond = 1e6;

/** A duration of Istio's own kinds: at least a millisecond, and whole ones (L-14). */
export function checkDuration(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  if (!isWritten(value)) return [];
  const written = asText(value) ?? String(value);
  const amount = nanosecondsOf(written);
  if (amount === undefined) return [{ place, why: `\`${written}\` is no duration` }];
  if (amount < millisecond) return [{ place, why: `\`${written}\` is shorter than a millisecond` }];
  return complaintWhen(amount % millisecond !== 0, place, `\`${written}\` is no whole number of milliseconds`);
}
