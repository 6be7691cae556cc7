import type { PlacedRouteRule, PlacedText } from '../../../ir/placed-traffic.js';
import type { TextPattern } from '../../../parse/traffic/settings.js';
import type { ResolvedRoute, ResolvedTraffic, RouteMatch } from '../../../resolve/resolved-traffic.js';
import { asRegex, expandMatch, ignoringCase } from './expand-match.js';
import { statedRetries } from './route-retries.js';

/** The routes of settings as rules of an HTTPRoute, which asks for a path exactly or by whole elements (istio-traffic-topology T-90). */
export function httpRouteRules(
  { routes }: Pick<ResolvedTraffic, 'routes'>,
  portNumber: (port: string | number) => number,
): PlacedRouteRule[] {
  return routes.map((route) => ({
    route,
    matches: route.matches.flatMap((match) => expandMatch(match, pathsOf(match), portNumber, exactOrRegex)),
    rewrite: rewriteOf(route),
    retries: statedRetries(route),
  }));
}

function rewriteOf({ rewrite }: ResolvedRoute): PlacedRouteRule['rewrite'] {
  if (rewrite?.path !== undefined) return { of: 'whole', path: rewrite.path };
  return rewrite?.prefix === undefined ? undefined : { of: 'matched', path: rewrite.prefix };
}

function pathsOf({ paths, ignoreCase }: RouteMatch): PlacedText[] {
  return ignoreCase ? paths.map((path) => ignoringCase(asRegex(path))) : pathsByElements(paths);
}

/** `/a` and `/a/*` together are what PathPrefix `/a` means; either alone is not. */
function pathsByElements(paths: readonly TextPattern[]): PlacedText[] {
  const exact = new Set(paths.filter(({ kind }) => kind === 'exact').map(({ value }) => value));
  const whole = new Set(
    paths.flatMap(({ kind, value }) => {
      const parent = value.slice(0, -1);
      return kind === 'prefix' && value.endsWith('/') && (value === '/' || exact.has(parent)) ? [parent] : [];
    }),
  );
  return paths.flatMap((path): PlacedText[] => {
    const { kind, value } = path;
    if (kind === 'exact') return whole.has(value) ? [] : [{ kind, value }];
    if (kind === 'prefix' && value.endsWith('/') && whole.has(value.slice(0, -1)))
      return [{ kind, value: value === '/' ? '/' : value.slice(0, -1) }];
    return [asRegex(path)];
  });
}

function exactOrRegex(pattern: TextPattern): PlacedText {
  return pattern.kind === 'exact' ? { kind: 'exact', value: pattern.value } : asRegex(pattern);
}
