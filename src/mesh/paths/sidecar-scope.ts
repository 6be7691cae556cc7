import { type Labels, selects } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { sortedUnique } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import { type EgressListener, type OutboundPolicy, oldestOf, type SidecarResource } from './sidecar-resource.js';

/** A pod with a sidecar, as Sidecar resources select it. */
interface Proxy {
  readonly namespace: string;
  readonly labels: Labels;
}

/**
 * The Sidecar resource of a pod: of its namespace, one with a selector before one without, else the root namespace's.
 * None where nobody wrote any; several where manifests do not tell which is the oldest.
 */
export function sidecarsOf({ sidecars, rootNamespace }: MeshCluster, proxy: Proxy): readonly SidecarResource[] {
  if (sidecars.size === 0) return [];
  const own = sidecars.get(proxy.namespace) ?? [];
  const selecting = own.filter(({ selector }) => selector !== undefined && selects(selector, proxy.labels));
  if (selecting.length > 0) return oldestOf(selecting);
  const wide = own.filter(isForAll);
  return oldestOf(wide.length > 0 ? wide : (sidecars.get(rootNamespace) ?? []).filter(isForAll));
}

function isForAll({ selector }: SidecarResource): boolean {
  return selector === undefined;
}

/** What the sidecar of one pod imports, and what it does with the rest: pods of one key are alike in it. */
export interface SidecarScope {
  readonly key: string;
  readonly name: string;
  readonly egress: ReadonlyArray<Omit<EgressListener, 'hosts'> & { readonly imports: readonly Import[] }>;
  readonly outbound: OutboundPolicy | undefined;
}

/** Hosts of one namespace, or of every namespace (`*`). */
interface Import {
  readonly namespace: string;
  /** A name, `*`, or `*.suffix`. */
  readonly host: string;
}

export function scopesOf(mesh: MeshCluster, proxy: Proxy): readonly SidecarScope[] {
  return sidecarsOf(mesh, proxy).map((sidecar) => scopesByNamespace(sidecar)(proxy.namespace));
}

/** Whether the sidecars of two namespaces may import the same: by one Sidecar for all of them, or by one in each. */
export const sharesImports = oncePerObject(({ sidecars, rootNamespace }: MeshCluster): boolean => {
  if (sidecars.has(rootNamespace)) return true;
  const keys = [...sidecars].flatMap(([namespace, own]) => [
    ...new Set(own.map((sidecar) => scopesByNamespace(sidecar)(namespace).key)),
  ]);
  return new Set(keys).size < keys.length;
});

/** A Sidecar of the root namespace is one of its own for each namespace that it is for. */
const scopesByNamespace = oncePerObject((sidecar: SidecarResource) => {
  const known = new Map<string, SidecarScope>();
  return (namespace: string): SidecarScope => {
    const scope = known.get(namespace) ?? scopeOf(sidecar, namespace);
    known.set(namespace, scope);
    return scope;
  };
});

function scopeOf({ namespace: home, name, egress, outbound }: SidecarResource, namespace: string): SidecarScope {
  const listeners = egress.map(({ hosts, ...listener }) => ({
    ...listener,
    imports: sortedUnique(hosts).flatMap((host) => importOf(host, namespace)),
  }));
  const key = JSON.stringify([listeners, outbound]);
  return { key, name: `${home}/${name}`, egress: listeners, outbound };
}

function importOf(written: string, ownNamespace: string): readonly Import[] {
  const [namespace = '', host, ...more] = written.split('/');
  if (host === undefined || more.length > 0) return [];
  return [{ namespace: namespace === '.' ? ownNamespace : namespace, host }];
}
