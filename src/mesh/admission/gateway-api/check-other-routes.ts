import type { JsonValue, Path } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { asObject, asText, asTexts } from '../../json.js';
import { isAddress } from '../names.js';
import { by, each, type Judged, type Refusal } from '../refusal.js';
import { checkBackends, checkCounts, checkParentsOnce } from './route-fields.js';
import { checkFilters } from './route-filters.js';

/** What the API server refuses in a GRPCRoute of the right shape. */
export function checkGrpcRoute({ spec }: Judged): readonly Refusal[] {
  return by('L-07', checkParentsOnce(spec), checkCounts(spec), each(spec.rules, ['spec', 'rules'], checkGrpcRule));
}

function checkGrpcRule(value: JsonValue, place: Path): readonly Complaint[] {
  const { matches, filters, backendRefs } = asObject(value) ?? {};
  return [
    ...each(matches, [...place, 'matches'], checkGrpcMatch),
    ...checkFilters(filters, [...place, 'filters']),
    ...checkBackends(backendRefs, [...place, 'backendRefs']),
    ...each(backendRefs, [...place, 'backendRefs'], (backend, here) =>
      checkFilters(asObject(backend)?.filters, [...here, 'filters']),
    ),
  ];
}

const ofGrpc: Readonly<Record<'service' | 'method', RegExp>> = {
  service: /^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i,
  method: /^[a-z_][a-z_0-9]*$/i,
};

function checkGrpcMatch(value: JsonValue, place: Path): readonly Complaint[] {
  const method = asObject(asObject(value)?.method);
  if (method === undefined) return [];
  const here = [...place, 'method'];
  const names = (['service', 'method'] as const).flatMap((field) => {
    const name = asText(method[field]);
    return name === undefined ? [] : [{ field, name }];
  });
  if (names.length === 0) return [{ place: here, why: 'one of `service` and `method` is needed' }];
  if ((asText(method.type) ?? 'Exact') !== 'Exact') return [];
  return names.flatMap(({ field, name }) =>
    complaintWhen(!ofGrpc[field].test(name), [...here, field], `\`${name}\` is no name of a ${field} of gRPC`),
  );
}

/** What the API server refuses in a route of connections of the right shape: a TLSRoute or a TCPRoute. */
export function checkConnectionRoute({ apiVersion, spec }: Judged): readonly Refusal[] {
  return by(
    'L-07',
    checkParentsOnce(spec),
    // Only `v1` has always asked for names.
    apiVersion.endsWith('/v1') ? checkServerNames(spec.hostnames) : [],
    each(spec.rules, ['spec', 'rules'], (rule, place) =>
      checkBackends(asObject(rule)?.backendRefs, [...place, 'backendRefs']),
    ),
  );
}

function checkServerNames(names: JsonValue | undefined): readonly Complaint[] {
  return asTexts(names).flatMap((name, index) =>
    complaintWhen(isAddress(name), ['spec', 'hostnames', index], `\`${name}\` is an address, and no name of a server`),
  );
}
