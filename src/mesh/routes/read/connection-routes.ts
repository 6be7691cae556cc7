import type { ManifestObject } from '../../../parse/document.js';
import type { IstioSettings } from '../../../parse/mesh.js';
import { isFlagOn } from '../../../parse/read-flags.js';
import { asTexts } from '../../json.js';
import { anyProxy, type ConnectionRule, noChanges, type UnreadRoute, type WeightedDestination } from '../route.js';
import { type BackendContext, backendsOf } from './backends.js';
import type { Node } from './fields.js';

/** The rules of a TCPRoute or a TLSRoute; the latter is for the server names that it lists. */
export function readConnectionRules(
  rules: readonly Node[],
  context: BackendContext,
): readonly ConnectionRule[] | UnreadRoute {
  const found: ConnectionRule[] = [];
  for (const rule of rules) {
    const destinations = backendsOf(rule, context, () => noChanges);
    if ('why' in destinations) return destinations;
    const origin = { object: context.route.object, place: rule.place, name: undefined };
    const leading = destinations.length > 0 ? destinations : [nowhere(rule)];
    found.push({ origin, matches: matchesOf(rule, context), destinations: leading });
  }
  return found;
}

/** Istio leads there what no backend takes: to a host that nothing has (T-50). */
function nowhere({ place }: Node): WeightedDestination {
  const target = { host: '', subset: undefined, port: undefined, weight: 1, changes: noChanges };
  return { ...target, place, statusIfMissing: 500, fault: 'no backend of it has a weight (T-50)' };
}

function matchesOf(rule: Node, { route: { object, spec } }: BackendContext): ConnectionRule['matches'] {
  if (object.kind !== 'TLSRoute') return [];
  const hostnames = asTexts(spec.value.hostnames).map((host) => host.toLowerCase());
  const serverNames = hostnames.length === 0 ? ['*'] : hostnames;
  return [{ place: rule.place, serverNames, doubt: undefined, proxy: anyProxy }];
}

/** TCPRoute was behind a flag until Istio 1.31, and TLSRoute until 1.30 (T-50, T-52). */
export function whyNotEnabled({ kind }: ManifestObject, { version, flags }: IstioSettings): string | undefined {
  const first = kind === 'TCPRoute' ? 31 : kind === 'TLSRoute' ? 30 : 0;
  if (Number(version.split('.')[1]) >= first || isFlagOn(flags, 'PILOT_ENABLE_ALPHA_GATEWAY_API')) return undefined;
  return `Istio ${version} reads ${kind}s only with the flag \`PILOT_ENABLE_ALPHA_GATEWAY_API\``;
}
