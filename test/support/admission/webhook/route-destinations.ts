import type { JsonObject } from '../../../../src/parse/document.js';
import { objectAt, type Placed } from '../json.js';
import { dnsLabel, wildcardDomain } from '../names.js';

/** Several destinations share the traffic by weights that are not all zero (L-13). */
export function checkDestinations(destinations: readonly Placed<JsonObject>[], path: string): readonly string[] {
  const weights = destinations.map(({ value }) => Number(value.weight ?? 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return [
    ...(destinations.length > 1 && total === 0 ? [`${path}: the weights sum to 0 (L-13)`] : []),
    ...(weights.some((weight) => weight < 0) ? [`${path}: a weight is negative (L-13)`] : []),
    ...destinations.flatMap((one) =>
      checkDestination({ path: `${one.path}.destination`, value: objectAt(one.value, 'destination') }),
    ),
  ];
}

/** A destination, or the target of a mirror, names one host and perhaps a subset (L-13). */
export function checkDestination({ path, value: { host, subset } }: Placed<JsonObject>): readonly string[] {
  const badHost = host === '*' || wildcardDomain(String(host)) !== undefined;
  const badSubset = subset !== undefined && dnsLabel(String(subset)) !== undefined;
  return [
    ...(badHost ? [`${path}.host: \`${host}\` is not a host (L-13)`] : []),
    ...(badSubset ? [`${path}.subset: \`${subset}\` is not a DNS label (L-13)`] : []),
  ];
}
