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
  return last < 0 ? here : here.slice(0, last + 1);
}

/** A match that asked for the port alone asks for nothing more. */
function everythingOf(matches: readonly PlacedMatch[]): readonly PlacedMatch[] {
  const left = matches.map((match) => ({ ...match, port: undefined }));
  return left.some(asksNothing) ? [] : left;
}

function asksNothing({ path, method, headers, query, without }: PlacedMatch): boolean {
  return path === undefined && method === undefined && headers.length + query.length + without.length === 0;
}
