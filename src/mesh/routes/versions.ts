import type { Labels, Service } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import { decisiveSettings } from '../paths/tls-settings.js';
import { type Known, known, unknown } from '../truth.js';
import type { VersionRule } from './read/read-versions.js';

/** The labels of a subset for a proxy; `undefined` where the DestinationRule that it obeys has none of that name (T-07). */
export function versionOf(
  { versions, rootNamespace }: MeshCluster,
  client: string | undefined,
  service: Pick<Service, 'host' | 'namespace'>,
  subset: string,
): Known<Labels | undefined> {
  const applying = versions.filter(({ host }) => appliesTo(host, service.host));
  return agreed(decisiveSettings(applying, { client, service, rootNamespace }), subset);
}

/** Whether a DestinationRule with a host is for another name. */
export function appliesTo(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*') && host.endsWith(pattern.slice(1)));
}

/** Rules for one host that are exported alike are merged; of others only one counts. */
function agreed(rules: readonly VersionRule[], subset: string): Known<Labels | undefined> {
  const areMerged =
    new Set(rules.map(({ exportTo }) => exportTo.join())).size <= 1 && !rules.some(({ isForSome }) => isForSome);
  const all = rules.map(({ subsets }) => subsets.get(subset));
  const saying = areMerged ? all.filter((labels) => labels !== undefined) : all;
  const [first, ...others] = saying;
  if (others.every((labels) => isSame(labels, first))) return known(first);
  const names = rules.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return unknown(`which of DestinationRule ${names} counts (T-07)`);
}

function isSame(left: Labels | undefined, right: Labels | undefined): boolean {
  const entries = Object.entries(left ?? {});
  if (left === undefined || right === undefined) return left === right;
  return entries.length === Object.keys(right).length && entries.every(([name, value]) => right[name] === value);
}
