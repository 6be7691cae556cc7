import type { PlacedDestinationRule } from '../../../ir/placed-traffic.js';
import type { ManifestObject } from '../../../parse/document.js';
import type { Source } from '../../../resolve/resolved.js';
import { type Cluster, type Labels, selects } from '../../../topology/model.js';
import { sortBy } from '../../../util/order.js';
import { homeOf, items } from './route-objects.js';

/** A proxy that sends requests on by DestinationRules. */
interface RoutingProxy {
  /** As a message names it. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
}

/** The sidecars and gateways of the callers; for a waypoint no rule with a selector is (istio-traffic-topology T-08). */
export function routingProxies({ workloads, gateways }: Cluster, callers: readonly Source[]): readonly RoutingProxy[] {
  return callers
    .filter(({ plane }) => plane === 'sidecar' || plane === 'gateway')
    .map(({ name }) => {
      const labels = gateways.get(name)?.podLabels ?? workloads.get(name)?.labels ?? {};
      return { name, namespace: name.slice(0, name.indexOf('/')), labels };
    });
}

export function specOf(rule: ManifestObject) {
  return Object(rule.value.spec);
}

/** Whether a rule is for some pods of its namespace alone, for which no rule without a selector counts (T-08). */
export function isForSome(rule: ManifestObject): boolean {
  return specOf(rule).workloadSelector !== undefined;
}

/**
 * Why Istio does not make one rule of it and of Ambit's: it adds subsets, and keeps the settings of one of the two. A rule for
 * some pods stands beside, as long as none of them calls.
 */
export function clashOf(
  rule: ManifestObject,
  { settings, subsets, exportTo: own }: PlacedDestinationRule,
  exportedByDefault: readonly string[],
  proxies: readonly RoutingProxy[],
): string | undefined {
  const { exportTo, trafficPolicy } = specOf(rule);
  const isOwnForAll = own.length === 0 || own.includes('*');
  if (isForSome(rule) && isOwnForAll) return clashForSome(rule, proxies);
  if (isForSome(rule)) return 'it is for some workloads alone';
  const targets: readonly unknown[] = Array.isArray(exportTo) && exportTo.length > 0 ? exportTo : exportedByDefault;
  if (targets.length > 0 && !targets.includes('*')) return 'it is not exported to all';
  if (!isOwnForAll) return 'it is exported to all, and what these settings ask for to callers alone';
  if (settings !== undefined && trafficPolicy !== undefined) return 'both have settings for the whole host';
  const other = subsets.find((subset) => isOtherwise(rule, subset));
  return other && `both define version \`${other.name}\``;
}

function clashForSome(rule: ManifestObject, proxies: readonly RoutingProxy[]): string | undefined {
  const matchLabels: Labels = Object(Object(specOf(rule).workloadSelector).matchLabels);
  const chosen = proxies.find(({ namespace, labels }) => namespace === homeOf(rule) && selects(matchLabels, labels));
  return chosen && `for \`${chosen.name}\` it counts alone`;
}

/** Of two subsets of one name Istio keeps one: it must not matter which. */
function isOtherwise(
  rule: ManifestObject,
  { name, labels, settings }: PlacedDestinationRule['subsets'][number],
): boolean {
  const found = items(specOf(rule).subsets).find((subset) => subset.name === name);
  if (found === undefined) return false;
  const same = JSON.stringify(sorted(labels)) === JSON.stringify(sorted(Object(found.labels)));
  return !same || settings !== undefined || found.trafficPolicy !== undefined;
}

function sorted(labels: Readonly<Record<string, unknown>>) {
  return sortBy(Object.entries(labels), ([key]) => key);
}
