import type { JsonValue, ManifestObject } from '../../parse/document.js';
import { readEmbedded } from '../../parse/embedded.js';
import { oncePerObject } from '../../util/once.js';
import { asArray, asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import type { DescriptorEntry } from './shared-filter.js';

/** How many requests a rate limit service lets through in a while. */
export interface Amount {
  readonly requests: number;
  readonly milliseconds: number;
}

/** What the ConfigMaps beside a rate limit service say of a domain: one of them, or nobody knows which counts (F-64). */
export function amountOf(
  mesh: MeshCluster,
  { namespace, domain }: { readonly namespace: string; readonly domain: string },
  descriptor: readonly DescriptorEntry[],
): Amount | undefined {
  const [config, ...more] = configsOf(mesh).filter((each) => each.namespace === namespace && each.domain === domain);
  if (config === undefined || more.length > 0) return undefined;
  return amountIn(config.descriptors, descriptor);
}

interface LimitConfig {
  readonly namespace: string;
  readonly domain: string;
  readonly descriptors: readonly JsonValue[];
}

const configsOf = oncePerObject(({ cluster }: MeshCluster): readonly LimitConfig[] =>
  cluster.limitConfigs.flatMap((object) => textsIn(object).flatMap((key) => configIn(object, key))),
);

function textsIn({ value }: ManifestObject): readonly string[] {
  return Object.keys(asObject(value.data) ?? {});
}

function configIn(object: ManifestObject, key: string): readonly LimitConfig[] {
  const { value: read } = readEmbedded(object, ['data', key], 'LimitConfig');
  const { domain, descriptors } = asObject(read?.value) ?? {};
  if (typeof domain !== 'string') return [];
  return [{ namespace: object.namespace ?? 'default', domain, descriptors: asArray(descriptors) }];
}

/** One item for each entry, by its key and value: an item that says more, or a second one for some values, is not read. */
function amountIn(items: readonly JsonValue[], [entry, ...rest]: readonly DescriptorEntry[]): Amount | undefined {
  if (entry === undefined) return undefined;
  const ofKey = items.map(asObject).filter((item) => item?.key === entry.key);
  const fitting = ofKey.filter((item) => item?.value === entry.value || item?.value === undefined);
  const [item, ...more] = entry.value === undefined ? ofKey : fitting;
  if (item === undefined || more.length > 0 || item.value !== entry.value) return undefined;
  const { key: _, value: __, descriptors, rate_limit: limit, ...others } = item;
  if (Object.keys(others).length > 0) return undefined;
  if (rest.length > 0) return limit === undefined ? amountIn(asArray(descriptors), rest) : undefined;
  return descriptors === undefined ? readAmount(limit) : undefined;
}

const units: Readonly<Record<string, number>> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function readAmount(limit: JsonValue | undefined): Amount | undefined {
  const { unit, requests_per_unit: requests, ...others } = asObject(limit) ?? {};
  const milliseconds = units[typeof unit === 'string' ? unit : ''];
  if (Object.keys(others).length > 0 || typeof requests !== 'number' || milliseconds === undefined) return undefined;
  return { requests, milliseconds };
}
