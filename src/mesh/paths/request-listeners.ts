import { oncePerObject } from '../../util/once.js';
import type { MeshCluster } from '../mesh.js';
import type { Caller } from './caller.js';
import type { Stop } from './hops.js';
import { hostsForRequests } from './host-names.js';
import { agreed, outboundTo } from './outbound.js';
import type { SidecarScope } from './sidecar-scope.js';

/**
 * Whether the sidecar of a caller has a listener for the requests to a port. There is one for each port that is declared HTTP, of
 * some host that it imports or in its Sidecar, and none for what it knows by routes alone (T-97).
 */
export function listensForRequests(mesh: MeshCluster, caller: Caller, port: number): boolean | Stop {
  const { scopes = [] } = caller;
  if (scopes.length > 0) return agreed(caller, (scope) => listensIn(mesh, caller, scope, port));
  const { byNamespace } = knownListeners(mesh);
  return recalled(byNamespace, `${port} ${caller.namespace}`, () => importsRequestsTo(mesh, caller, port));
}

function listensIn(mesh: MeshCluster, caller: Caller, scope: SidecarScope, port: number): boolean {
  const own = scope.egress.find((listener) => listener.port === port);
  if (own !== undefined) return own.readsRequests;
  const { byScope } = knownListeners(mesh);
  const ports = byScope.get(scope) ?? new Map<number, boolean>();
  byScope.set(scope, ports);
  return recalled(ports, port, () => importsRequestsTo(mesh, { ...caller, scopes: [scope] }, port));
}

/** A mesh with many narrow Sidecars is asked about each of its Services for each of them. */
const knownListeners = oncePerObject((_: MeshCluster) => ({
  byNamespace: new Map<string, boolean>(),
  byScope: new WeakMap<SidecarScope, Map<number, boolean>>(),
}));

function recalled<K>(known: Map<K, boolean>, key: K, compute: () => boolean): boolean {
  const value = known.get(key) ?? compute();
  known.set(key, value);
  return value;
}

function importsRequestsTo(mesh: MeshCluster, caller: Caller, port: number): boolean {
  return (hostsForRequests(mesh).get(port) ?? []).some((named) => outboundTo(caller, named) === 'known');
}
