import type { PlacedMatch, PlacedRouteRule, PlacedText } from '../../../ir/placed-traffic.js';

/**
 * Whether the order that Gateway API gives to matches (the most exact first, istio-traffic-topology F-03) decides every
 * request as the written order does. Two matches that no request has in common may stand in any order.
 */
export function keepsOrder(rules: readonly PlacedRouteRule[]): boolean {
  const matches = rules.flatMap(({ matches }, rule) =>
    (matches.length > 0 ? matches : [anything]).map((match) => ({ rule, match })),
  );
  return matches.every(({ rule, match }, index) =>
    matches
      .slice(index + 1)
      .every((later) => later.rule === rule || !goesBefore(later.match, match) || areApart(match, later.match)),
  );
}

/** What the CRD of HTTPRoute admits (istio-traffic-topology F-04). */
export function isWithinLimits(rules: readonly PlacedRouteRule[]): boolean {
  const counts = rules.map(({ matches }) => Math.max(matches.length, 1));
  return (
    rules.length <= 16 && counts.every((count) => count <= 64) && counts.reduce((sum, count) => sum + count, 0) <= 128
  );
}

const anything: PlacedMatch = {
  path: undefined,
  method: undefined,
  headers: [],
  query: [],
  without: [],
  port: undefined,
};

const root: PlacedText = { kind: 'prefix', value: '/' };
const rank = { exact: 3, prefix: 2, regex: 1 } as const;

/** As istiod sorts: kind of path, its length, a method, then how many headers and parameters. */
function goesBefore(later: PlacedMatch, earlier: PlacedMatch): boolean {
  const [first, second] = [later, earlier].map(({ path = root, method, headers, query }) => [
    rank[path.kind],
    path.value.length,
    method === undefined ? 0 : 1,
    headers.length,
    query.length,
  ]);
  const difference = (first ?? []).map((value, index) => value - (second?.[index] ?? 0)).find((each) => each !== 0);
  return difference !== undefined && difference > 0;
}

/** Whether no request has both, as far as the matches show it. */
function areApart(left: PlacedMatch, right: PlacedMatch): boolean {
  return (
    differ(left.port, right.port) ||
    differ(left.method, right.method) ||
    arePathsApart(left.path ?? root, right.path ?? root) ||
    left.headers.some(({ name, text }) =>
      right.headers.some(
        (other) =>
          other.name === name &&
          text.kind === 'exact' &&
          other.text.kind === 'exact' &&
          other.text.value !== text.value,
      ),
    )
  );
}

function differ(left: string | number | undefined, right: string | number | undefined): boolean {
  return left !== undefined && right !== undefined && left !== right;
}

function arePathsApart(left: PlacedText, right: PlacedText): boolean {
  if (left.kind === 'regex' || right.kind === 'regex') return false;
  if (left.kind === 'exact' && right.kind === 'exact') return left.value !== right.value;
  return !isBelow(left, right) && !isBelow(right, left);
}

function isBelow({ value }: PlacedText, { kind, value: prefix }: PlacedText): boolean {
  return kind === 'prefix' && (value === prefix || value.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`));
}
