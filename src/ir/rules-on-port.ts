import type { PlacedMatch, PlacedRouteRule } from './placed-traffic.js';

/**
 * What of the rules holds for requests to one port, for an object that is for that port alone. Nothing is left of what stands
 * behind a rule for every request there.
 */
export function rulesOnPort(rules: readonly PlacedRouteRule[], port: number): PlacedRouteRule[] {
  const here = rules.flatMap((rule) => {
    const matches = rule.matches.filter((match) => match.port === undefined || match.port === port);
    return matches.length === 0 && rule.matches.length > 0 ? [] : [{ ...rule, matches: everythingOf(matches) }];
  });
  const last = here.findIndex(({ matches }) => matches.length === 0);
  return withRestLast(last < 0 ? here : here.slice(0, last + 1));
}

/**
 * What is for every request asked for by an expression where others are: the prefix `/` goes before all of them, and nothing is
 * tried behind it (istio-traffic-topology F-03).
 */
export function withRestLast(rules: readonly PlacedRouteRule[]): PlacedRouteRule[] {
  const hasExpressions = rules.some(({ matches }) => matches.some(({ path }) => path?.kind === 'regex'));
  return rules.map((rule) => (hasExpressions && rule.matches.length === 0 ? { ...rule, matches: [everyPath] } : rule));
}

const everyPath: PlacedMatch = {
  path: { kind: 'regex', value: '.*' },
  method: undefined,
  headers: [],
  query: [],
  without: [],
  port: undefined,
};

/** A match that asked for the port alone asks for nothing more. */
function everythingOf(matches: readonly PlacedMatch[]): readonly PlacedMatch[] {
  const left = matches.map((match) => ({ ...match, port: undefined }));
  return left.some(asksNothing) ? [] : left;
}

function asksNothing({ path, method, headers, query, without }: PlacedMatch): boolean {
  return path === undefined && method === undefined && headers.length + query.length + without.length === 0;
}
