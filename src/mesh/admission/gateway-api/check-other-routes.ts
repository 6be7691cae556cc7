import type { JsonValue, Path } from '../../../parse/document.js';
import { asObject, asText } from '../../json.js';
import { type Complaint, complaintWhen } from '../../policies/read/complaint.js';
import { by, each, type Judged, type Refusal } from '../refusal.js';
import { checkConditions } from './http-route-match.js';
import { checkBackends, checkCounts, checkRoute } from './route-fields.js';
import { checkFilters } from './route-filters.js';

/** What the API server refuses in a GRPCRoute. */
export function checkGrpcRoute({ spec }: Judged): readonly Refusal[] {
  return by('L-07', checkRoute(spec), checkCounts(spec), each(spec.rules, ['spec', 'rules'], checkGrpcRule));
}

function checkGrpcRule(value: JsonValue, place: Path): readonly Complaint[] {
  const { matches, filters, backendRefs } = asObject(value) ?? {};
  return [
    ...each(matches, [...place, 'matches'], checkGrpcMatch),
    ...checkFilters(filters, [...place, 'filters']),
    ...checkBackends(backendRefs, [...place, 'backendRefs']),
  ];
}

function checkGrpcMatch(value: JsonValue, place: Path): readonly Complaint[] {
  const { method, headers } = asObject(value) ?? {};
  const { service, method: name } = asObject(method) ?? {};
  const isNothing = asObject(method) !== undefined && asText(service) === undefined && asText(name) === undefined;
  return [
    ...complaintWhen(isNothing, [...place, 'method'], 'one of `service` and `method` is needed'),
    ...checkConditions(headers, [...place, 'headers']),
  ];
}

/** What the API server refuses in a route of connections: a TLSRoute or a TCPRoute. */
export function checkConnectionRoute({ spec }: Judged): readonly Refusal[] {
  return by(
    'L-07',
    checkRoute(spec),
    each(spec.rules, ['spec', 'rules'], (rule, place) =>
      checkBackends(asObject(rule)?.backendRefs, [...place, 'backendRefs']),
    ),
  );
}
