import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asObject, asText } from '../json.js';
import { checkHeaders } from './headers.js';
import { checkHost, checkPort, isLabel } from './names.js';
import { each, isWritten } from './refusal.js';

/** Where a rule sends: each with a destination, and not all of it to nothing (L-13). */
export function checkDestinations(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const weights = asArray(value).map((item) => asObject(item)?.weight);
  const total = weights.reduce<number>((sum, weight) => sum + (typeof weight === 'number' ? weight : 0), 0);
  return [
    ...each(value, place, checkWeighted),
    ...complaintWhen(
      weights.length > 1 && total === 0,
      place,
      'the weights are 0 together, so nothing is sent anywhere',
    ),
  ];
}

function checkWeighted(item: JsonValue, place: Path): readonly Complaint[] {
  const { destination, weight, headers } = asObject(item) ?? {};
  const isNegative = typeof weight === 'number' && weight < 0;
  return [
    ...complaintWhen(!isWritten(destination), place, 'there is no `destination`'),
    ...checkDestination(destination, [...place, 'destination']),
    ...complaintWhen(isNegative, [...place, 'weight'], `the weight is ${String(weight)}`),
    ...checkHeaders(headers, [...place, 'headers']),
  ];
}

export function checkDestination(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const destination = asObject(value);
  if (destination === undefined) return [];
  const { host, subset, port } = destination;
  const name = asText(subset) ?? '';
  return [
    ...(host === '*'
      ? [{ place: [...place, 'host'], why: '`*` is no host to send to' }]
      : checkHost(host, [...place, 'host'])),
    ...complaintWhen(name !== '' && !isLabel(name), [...place, 'subset'], `\`${name}\` is no name of a subset`),
    ...(isWritten(port) ? checkPort(asObject(port)?.number, [...place, 'port']) : []),
  ];
}

/** Both forms of mirroring. */
export function checkMirrors(
  { mirror, mirrors, mirrorPercentage, mirrorPercent }: JsonObject,
  place: Path,
): readonly Complaint[] {
  const percent = asObject(mirrorPercentage)?.value ?? mirrorPercent;
  return [
    ...complaintWhen(
      isWritten(mirror) && asArray(mirrors).length > 0,
      place,
      '`mirror` and `mirrors` exclude each other',
    ),
    ...checkDestination(mirror, [...place, 'mirror']),
    ...checkShare(percent, place),
    ...each(mirrors, [...place, 'mirrors'], (item, here) => {
      const { destination, percentage } = asObject(item) ?? {};
      return [
        ...complaintWhen(!isWritten(destination), here, 'there is no `destination`'),
        ...checkDestination(destination, [...here, 'destination']),
        ...checkShare(asObject(percentage)?.value, [...here, 'percentage']),
      ];
    }),
  ];
}

function checkShare(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const isShare = typeof value !== 'number' || (value >= 0 && value <= 100);
  return complaintWhen(!isShare, place, `${String(value)} percent are not between 0 and 100`);
}
