import { obstacleToAsking } from '../../mesh/limits/asking.js';
import { amountOf } from '../../mesh/limits/limit-config.js';
import type { LimitedChain, LimitPatch } from '../../mesh/limits/limit-patch.js';
import { limitsAt } from '../../mesh/limits/limits-at.js';
import type { DescriptorEntry, SharedFilter } from '../../mesh/limits/shared-filter.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { hostsNamed } from '../../mesh/paths/host-names.js';
import type { Point } from '../../mesh/policies/attach.js';
import { isManaged } from '../../parse/document.js';
import { localInWords, sharedInWords } from './limits-in-words.js';

/** Where requests are counted: a proxy, and its chains for a port. */
export interface CountedPlace {
  readonly at: MeshCluster;
  readonly point: Point;
  readonly chain: LimitedChain;
}

/** What is counted in a place, in words. */
export interface Counted {
  readonly found: readonly string[];
  /** Rate limit services that the proxy is told to ask and gets no answer from. */
  readonly unasked: readonly Unasked[];
  /** Facts without which nobody can say what is counted. */
  readonly open: readonly string[];
}

export interface Unasked {
  readonly service: string;
  readonly because: string;
}

/** What the EnvoyFilters that reach a proxy make it count there. */
export function countedAt(mesh: Mesh, { at, point, chain }: CountedPlace): Counted {
  const { patches, unread } = limitsAt(point, chain, at);
  const obstacles = patches.flatMap((patch) => {
    if (patch.counts.kind === 'local') return [];
    const { filter } = patch.counts;
    const obstacle = obstacleToAsking(mesh, at, point, patch, filter);
    return obstacle ? [{ service: `${filter.host}:${filter.port}`, ...obstacle }] : [];
  });
  return {
    found: patches.flatMap((patch) => inWords(at, patch)).sort(),
    unasked: obstacles.filter(({ kind }) => kind === 'certain'),
    open: [
      ...unread.map(({ kind, namespace, name }) => `what ${kind} ${namespace ?? 'default'}/${name} changes`),
      ...obstacles.filter(({ kind }) => kind === 'unknown').map(({ because }) => because),
    ],
  };
}

/** What filters of Ambit’s count there. */
export function countedByOwn({ at, point, chain }: CountedPlace): readonly string[] {
  const own = limitsAt(point, chain, at).patches.filter(({ object }) => isManaged(object));
  return own.flatMap((patch) => inWords(at, patch)).sort();
}

function inWords(at: MeshCluster, { counts }: LimitPatch): readonly string[] {
  if (counts.kind === 'local') return [localInWords(counts.limit)];
  return counts.filter.descriptors.map((descriptor) => descriptorInWords(at, counts.filter, descriptor));
}

/** The first entry says of which limit it is, and each other one what has a count of its own. */
function descriptorInWords(at: MeshCluster, filter: SharedFilter, descriptor: readonly DescriptorEntry[]): string {
  const [service] = hostsNamed(at, filter.host);
  const [first, ...rest] = descriptor;
  const amount = service && amountOf(at, { namespace: service.namespace, domain: filter.domain }, descriptor);
  const headers = first?.headers ?? new Map();
  return sharedInWords({ amount, headers, name: nameOf(first), keys: rest.map(keyInWords), asked: filter });
}

function nameOf(entry: DescriptorEntry | undefined): string {
  return entry?.value ?? 'nothing';
}

function keyInWords({ of, headers, key, value }: DescriptorEntry): string {
  if (of === 'address') return 'address';
  const [name] = headers?.keys() ?? [];
  return of === 'header' && name === key ? `header ${name}` : `${key} ${value}`;
}
