import type { PlacedRouteRule } from '../../ir/placed-traffic.js';
import type { Origin } from '../../resolve/resolved.js';
import type { Manifest } from '../manifest.js';
import { distinct, type Provenance, ruleComment } from '../provenance.js';

/** A rule with the route that it says. */
type Routed = Pick<PlacedRouteRule, 'route'>;

/** The routes that an object says, each once. */
export function routeOrigins({ rules }: { readonly rules: readonly Routed[] }): Origin[] {
  return distinct(rules.map(({ route }) => route.origin));
}

/** Above each rule, which route of the settings it says; the one rule of settings without routes needs none. */
export function routeComments(
  { origin, rules }: { readonly origin: Origin; readonly rules: readonly Routed[] },
  provenance: Provenance,
  pathOf: (index: number) => ReadonlyArray<string | number>,
): Manifest['comments'] {
  return rules.flatMap(({ route }, index) => {
    const lines = route.origin.id === origin.id ? [] : ruleComment([route.origin], [], provenance);
    return lines.length > 0 ? [{ path: pathOf(index), lines }] : [];
  });
}
