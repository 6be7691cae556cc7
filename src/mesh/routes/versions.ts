import type { Labels, Service } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import { type Known, known, unknown } from '../truth.js';
import { type Obeying, obeyedRules } from './obeyed-rules.js';
import type { VersionRule } from './read/read-versions.js';

/** The labels of a subset for a proxy; `undefined` where the DestinationRule that it obeys has none of that name (T-07). */
export function versionOf(
  mesh: MeshCluster,
  proxy: Obeying,
  service: Pick<Service, 'host' | 'namespace'>,
  subset: string,
): Known<Labels | undefined> {
  const alternatives = obeyedRules(mesh, proxy, service);
  const [first, ...others] = alternatives.map((rules) => labelsIn(rules, subset));
  if (others.every((labels) => isSame(labels, first))) return known(first);
  return unknown(undatedRules(alternatives));
}

/** Of merged rules the first that has a subset of the name. */
function labelsIn(rules: readonly VersionRule[], subset: string): Labels | undefined {
  return rules.find(({ subsets }) => subsets.has(subset))?.subsets.get(subset);
}

/** Why it is not known which of several DestinationRules counts. */
export function undatedRules(alternatives: ReadonlyArray<readonly VersionRule[]>): string {
  const names = alternatives.flat().map(({ namespace, name }) => `${namespace}/${name}`);
  return `which of DestinationRule ${[...new Set(names)].join(', ')} counts (T-07)`;
}

function isSame(left: Labels | undefined, right: Labels | undefined): boolean {
  const entries = Object.entries(left ?? {});
  if (left === undefined || right === undefined) return left === right;
  return entries.length === Object.keys(right).length && entries.every(([name, value]) => right[name] === value);
}
