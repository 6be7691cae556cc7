import type { Labels, Service } from '../../topology/model.js';
import { compareText, groupBy } from '../../util/order.js';
import { otherRevision } from '../doubts/revision.js';
import { asLabels, asObject, asTexts } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import { decisiveSettings } from '../paths/tls-settings.js';
import type { VersionRule } from './read/read-versions.js';

/** Who obeys DestinationRules. */
export interface Obeying {
  readonly namespace: string | undefined;
  /** The labels of its pods; `undefined` where they are not known, `none` where rules for some pods are never for it (T-08). */
  readonly labels: Labels | 'none' | undefined;
}

/**
 * The DestinationRules whose words a proxy goes by for a Service, merged in their order: the first that says anything of
 * traffic counts, and of subsets with one name the first. Several lists where manifests do not tell which of them it is.
 */
export function obeyedRules(
  mesh: MeshCluster,
  proxy: Obeying,
  service: Pick<Service, 'host' | 'namespace'>,
): ReadonlyArray<readonly VersionRule[]> {
  const rules = mesh.versions.filter(({ host }) => appliesTo(host, service.host));
  const { revision } = mesh.cluster.settings.istio;
  const own = rules.filter(({ object }) => otherRevision(object, revision) === undefined);
  const all = obeyedOf(mesh, proxy, service, rules);
  return own.length === rules.length ? all : [...all, ...obeyedOf(mesh, proxy, service, own)];
}

/** Whether a DestinationRule with a host is for another name. */
export function appliesTo(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*') && host.endsWith(pattern.slice(1)));
}

function obeyedOf(
  { rootNamespace }: MeshCluster,
  { namespace: client, labels }: Obeying,
  service: Pick<Service, 'host' | 'namespace'>,
  rules: readonly VersionRule[],
): ReadonlyArray<readonly VersionRule[]> {
  const decisive = decisiveSettings(rules, { client, service, rootNamespace });
  const some = decisive.filter(({ isForSome }) => isForSome);
  const others = decisive.filter(({ isForSome }) => !isForSome);
  const joining = some.length === 0 ? [] : others.filter(isExportedHome);
  const general = ofAllPods(others.filter((rule) => !joining.includes(rule)));
  if (some.length === 0 || labels === 'none') return general;
  const ofSome = ofSomePods(labels === undefined ? some : some.filter((rule) => isFor(rule, labels)));
  const own = ofSome.map((rules) => [...rules, ...byAge(joining)]);
  return labels === undefined || own.length === 0 ? [...own, ...general] : own;
}

/** Rules for some pods are taken to be exported so, and what is exported alike is merged with them, and with nothing else. */
function isExportedHome({ object }: VersionRule): boolean {
  const exports = asTexts(asObject(object.value.spec)?.exportTo);
  return exports.length === 1 && exports[0] === '.';
}

function isFor({ object }: VersionRule, labels: Labels): boolean {
  return Object.entries(selectorOf(object)).every(([name, value]) => labels[name] === value);
}

/** The labels of the pods that a DestinationRule with a `workloadSelector` is for. */
export function selectorOf({ value }: VersionRule['object']): Labels {
  return asLabels(asObject(asObject(value.spec)?.workloadSelector)?.matchLabels);
}

/** Rules with one selector are merged, and of several selectors that fit the one with the oldest rule counts. */
function ofSomePods(rules: readonly VersionRule[]): ReadonlyArray<readonly VersionRule[]> {
  const merged = [...groupBy(rules, ({ object }) => JSON.stringify(selectorOf(object))).values()];
  return merged.length === 1 ? ordersOf(merged[0] ?? []) : merged.flatMap(ordersOf);
}

/** Rules that are exported alike are merged; of others the last by age counts, as far as that is simple. */
function ofAllPods(rules: readonly VersionRule[]): ReadonlyArray<readonly VersionRule[]> {
  const [younger, older] = byAge(rules).toReversed();
  if (younger === undefined) return [[]];
  const merged = [...groupBy(rules, ({ exportTo }) => exportTo.join()).values()];
  if (merged.length === 1) return ordersOf(rules);
  const areTwo = rules.length === 2 && [younger, older].every((rule) => rule !== undefined && rule.created !== '');
  return areTwo ? [[younger]] : merged.flatMap(ordersOf);
}

/** By age; without dates each may be the first. */
function ordersOf(rules: readonly VersionRule[]): ReadonlyArray<readonly VersionRule[]> {
  const sorted = byAge(rules);
  if (sorted.length < 2 || sorted.every(({ created }) => created !== '')) return [sorted];
  return sorted.map((first) => [first, ...sorted.filter((rule) => rule !== first)]);
}

function byAge(rules: readonly VersionRule[]): readonly VersionRule[] {
  return [...rules].sort(
    (left, right) => compareText(left.created, right.created) || compareText(left.name, right.name),
  );
}
