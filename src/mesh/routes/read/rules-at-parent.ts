import { openRule } from '../open-rule.js';
import type { RouteRule } from '../route.js';
import type { MeshParent, ReadParents } from './parents.js';

/**
 * The rules of a route in the order in which istiod takes them for a parent. All parents have one list. For each that names no
 * port istiod sorts it, rules without a match last; for each with a port it takes a copy of the list as it is by then, in which
 * a rule without a match is for the port, and so of one rank with an empty match (T-15).
 */
export function rulesAtParent(
  rules: readonly RouteRule[],
  parent: MeshParent,
  parents: ReadParents,
): readonly RouteRule[] {
  const withoutPort = parents.mesh.filter(({ port }) => port === undefined);
  if (parent.port === undefined || withoutPort.length === 0 || !rules.some(isEmpty)) return rules;
  const [withMatch, without] = [rules.filter(hasMatch), rules.filter((rule) => !hasMatch(rule))];
  if (without.length === 0) return rules;
  if (parents.gateways.length > 0) return rules.map((rule) => (isForAll(rule) ? openRule(rule, unknownOrder) : rule));
  return withoutPort.some(({ sortedBy }) => sortedBy < parent.sortedBy) ? [...withMatch, ...without] : rules;
}

/** Istiod sorts parents once more where gateways are among them, by a sort that leaves equals in their order for a few alone. */
const unknownOrder =
  'which of its rules for everything comes first for a parent with a port, where a route has gateways and parents without one too (T-15)';

function hasMatch({ matches }: RouteRule): boolean {
  return matches.length > 0;
}

function isEmpty({ matches: [match] }: RouteRule): boolean {
  return match !== undefined && match.path === undefined && match.headers.length === 0;
}

function isForAll(rule: RouteRule): boolean {
  return !hasMatch(rule) || isEmpty(rule);
}
