import type { JsonObject, JsonValue, Path } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { nanosecondsOf } from '../../go-duration.js';
import { asArray, asObject, asText } from '../../json.js';
import { by, each, type Judged, type Refusal } from '../refusal.js';
import { checkRequestMatch } from './http-route-match.js';
import { checkBackends, checkCounts, checkParentsOnce } from './route-fields.js';
import { checkFilters, replacesPrefix, typesOf } from './route-filters.js';

/** What the API server refuses in an HTTPRoute of the right shape, whichever version of the Gateway API is installed. */
export function checkHttpRoute({ spec }: Judged): readonly Refusal[] {
  return by('L-06', checkParentsOnce(spec), checkCounts(spec), each(spec.rules, ['spec', 'rules'], checkRule));
}

function checkRule(value: JsonValue, place: Path): readonly Complaint[] {
  const rule = asObject(value) ?? {};
  const { matches, filters, backendRefs, timeouts } = rule;
  const at = (field: string): Path => [...place, field];
  return [
    ...each(matches, at('matches'), checkRequestMatch),
    ...checkFilters(filters, at('filters')),
    ...checkPrefix(rule, place),
    ...complaintWhen(
      typesOf(filters).includes('RequestRedirect') && asArray(backendRefs).length > 0,
      at('backendRefs'),
      'filter `RequestRedirect` and `backendRefs` exclude each other',
    ),
    ...checkBackends(backendRefs, at('backendRefs')),
    ...each(backendRefs, at('backendRefs'), (backend, here) =>
      checkFilters(asObject(backend)?.filters, [...here, 'filters']),
    ),
    ...checkTimeouts(asObject(timeouts), at('timeouts')),
  ];
}

/** What stands in for a prefix needs one that the rule matches: one match, of a prefix. */
function checkPrefix({ matches, filters, backendRefs }: JsonObject, place: Path): readonly Complaint[] {
  const isReplaced =
    replacesPrefix(filters) || asArray(backendRefs).some((backend) => replacesPrefix(asObject(backend)?.filters));
  if (!isReplaced || !Array.isArray(matches)) return [];
  const [path] = matches.map((match) => asObject(asObject(match)?.path));
  const isPrefix = (asText(path?.type) ?? 'PathPrefix') === 'PathPrefix';
  return complaintWhen(
    matches.length !== 1 || !isPrefix,
    [...place, 'matches'],
    '`replacePrefixMatch` needs a rule of one match, by `PathPrefix`',
  );
}

function checkTimeouts(timeouts: JsonObject | undefined, place: Path): readonly Complaint[] {
  const [whole, part] = ['request', 'backendRequest'].map((field) => nanosecondsOf(asText(timeouts?.[field]) ?? ''));
  const isLonger = whole !== undefined && part !== undefined && whole !== 0 && part > whole;
  return complaintWhen(isLonger, [...place, 'backendRequest'], '`backendRequest` is longer than `request`');
}
