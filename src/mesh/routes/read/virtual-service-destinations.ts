import { asText } from '../../json.js';
import type { Mirror, RequestChanges, WeightedDestination } from '../route.js';
import { noChanges } from '../route.js';
import { asNumber, type Node, nodeOf, nodesOf } from './fields.js';

/** How an object names what belongs to its namespace, and whether its weights are its own. */
export interface Names {
  hostOf(name: string): string;
  gatewayOf(name: string): string;
  /** Whether a rollout controller changes the weights of one of its rules. */
  hasExternalWeights(rule: Node): boolean;
}

/** Of several destinations those without weight get nothing, unless it may be changed; of one the weight does not count. */
export function destinationsOf(
  rule: Node,
  names: Names,
  changesOf: (entry: Node, isOnly: boolean) => RequestChanges = () => noChanges,
): readonly WeightedDestination[] {
  const entries = nodesOf(rule, 'route');
  const isOnly = entries.length === 1;
  const isShared = !isOnly && entries.some(({ value }) => (asNumber(value.weight) ?? 0) > 0);
  const isExternal = isShared && names.hasExternalWeights(rule);
  return entries.flatMap((entry) => {
    const weight = isOnly ? 1 : (asNumber(entry.value.weight) ?? 0);
    if (weight === 0 && !isExternal) return [];
    const changes = changesOf(entry, isOnly);
    return [
      {
        ...targetOf(nodeOf(entry, 'destination'), names),
        place: entry.place,
        weight,
        ...(isExternal && { isExternal }),
        changes,
        statusIfMissing: 503,
        fault: undefined,
      } as const,
    ];
  });
}

type Target = Pick<WeightedDestination, 'host' | 'subset' | 'port'>;

function targetOf(destination: Node | undefined, { hostOf }: Names): Target {
  const port = destination && nodeOf(destination, 'port');
  return {
    host: hostOf(asText(destination?.value.host) ?? ''),
    subset: asText(destination?.value.subset) || undefined,
    port: asNumber(port?.value.number),
  };
}

/** `mirror`, and those of `mirrors`; a share of 0 is none, and all of them where nothing is said. */
export function mirrorsOf(rule: Node, names: Names): readonly Mirror[] {
  const one = nodeOf(rule, 'mirror');
  const percentOfOne = percentOf(nodeOf(rule, 'mirrorPercentage')) ?? asNumber(rule.value.mirrorPercent) ?? 100;
  const first = one === undefined ? [] : [{ place: one.place, ...targetOf(one, names), percent: percentOfOne }];
  const others = nodesOf(rule, 'mirrors').flatMap((mirror) => {
    const destination = nodeOf(mirror, 'destination');
    const percent = percentOf(nodeOf(mirror, 'percentage')) ?? 100;
    return destination === undefined ? [] : [{ place: mirror.place, ...targetOf(destination, names), percent }];
  });
  return [...first, ...others].filter(({ percent }) => percent > 0);
}

/** A percentage that is given without a value is 0. */
export function percentOf(percentage: Node | undefined): number | undefined {
  return percentage === undefined ? undefined : (asNumber(percentage.value.value) ?? 0);
}
