import type { PlacedRetries, PlacedRouteRule, PlacedText } from '../../../ir/placed-traffic.js';
import type { TextPattern } from '../../../parse/traffic/settings.js';
import type { ResolvedRoute, ResolvedTraffic, RouteMatch } from '../../../resolve/resolved-traffic.js';
import { asRegex, expandMatch, ignoringCase } from './expand-match.js';
import { statedRetries } from './route-retries.js';

type PortNumber = (port: string | number) => number;
type RetriesOf = (route: ResolvedRoute) => PlacedRetries | undefined;

/**
 * The routes of settings as rules of a VirtualService, which asks for a path by its first characters and rewrites what was
 * matched. A route whose matches are rewritten to different texts becomes several rules.
 */
export function virtualServiceRules(
  { routes }: Pick<ResolvedTraffic, 'routes'>,
  portNumber: PortNumber,
  defaults: RetriesOf,
): PlacedRouteRule[] {
  return routes.flatMap((route) =>
    named(
      route,
      route.rewrite?.prefix === undefined ? [plain(route, portNumber, defaults)] : byPath(route, portNumber, defaults),
    ),
  );
}

/** A rollout controller finds rules by their names: that of the route, with a number where it becomes several. */
function named({ origin, action }: ResolvedRoute, rules: PlacedRouteRule[]): PlacedRouteRule[] {
  if (action.kind !== 'forward' || action.weights === undefined) return rules;
  const name = origin.id.slice(origin.id.indexOf('/') + 1);
  return rules.map((rule, index) => ({ ...rule, name: index === 0 ? name : `${name}.${index + 1}` }));
}

function plain(route: ResolvedRoute, portNumber: PortNumber, defaults: RetriesOf): PlacedRouteRule {
  const path = route.rewrite?.path;
  return {
    route,
    matches: route.matches.flatMap((match) => expand(match, match.paths, portNumber)),
    rewrite: path === undefined ? undefined : { of: 'matched', path },
    retries: statedRetries(route) ?? defaults(route),
  };
}

/** One rule a path: `/a/*` under `prefix: /b` is rewritten from `/a/` to `/b/`, and `/a` itself to `/b`. */
function byPath(route: ResolvedRoute, portNumber: PortNumber, defaults: RetriesOf): PlacedRouteRule[] {
  const prefix = route.rewrite?.prefix ?? '';
  return route.matches.flatMap((match) =>
    match.paths.map((path) => ({
      route,
      matches: expand(match, [path], portNumber),
      rewrite: { of: 'matched' as const, path: path.value.endsWith('/') ? withSlash(prefix) : prefix },
      retries: statedRetries(route) ?? defaults(route),
    })),
  );
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

function expand(match: RouteMatch, paths: readonly TextPattern[], portNumber: PortNumber) {
  const texts = paths.map(textOf);
  return expandMatch(match, match.ignoreCase ? texts.map(ignoringCase) : texts, portNumber, textOf);
}

function textOf(pattern: TextPattern): PlacedText {
  const { kind, value } = pattern;
  return kind === 'exact' || kind === 'prefix' ? { kind, value } : asRegex(pattern);
}
