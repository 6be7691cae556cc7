import type { MeshCluster } from '../mesh.js';
import { ordersOf } from '../routes/owner/age.js';
import { tablesAtSidecar, tablesForOtherName } from '../routes/owner/at-sidecar.js';
import { meshRoutesOf, wildcardFor } from '../routes/owner/mesh-routes.js';
import { inClasses } from '../routes/owner/visible.js';
import type { Route } from '../routes/route.js';
import { namesOf, type RouteTables, type RoutingProxy } from '../routes/table.js';
import type { Caller } from './caller.js';
import { hostsBelow, hostsNamed, type NamedHost } from './host-names.js';
import { importsRoute } from './outbound.js';
import { isVisible } from './visibility.js';

/** The names that routes add to those of Services. */
export function routedNames(at: MeshCluster): readonly string[] {
  return [...meshRoutesOf(at).exact.keys()].filter((host) => !host.endsWith(`.svc.${at.clusterDomain}`));
}

export function proxyOf({ namespace = '', labels = {} }: Caller, port: number): RoutingProxy {
  return { gateway: 'mesh', namespace, labels, port };
}

/** Whether a sidecar imports a route at a port. */
export function imported({ scopes = [] }: Caller, port: number): (route: Route) => boolean {
  return (route) => scopes.length === 0 || scopes.some((scope) => importsRoute(scope, route, port));
}

/**
 * What routes do with a name that nothing in the mesh has: at port 80, and where they are for something that has the port. A
 * wildcard that is for Services or known hosts there is for these alone (T-92).
 */
export function tablesForName(mesh: MeshCluster, caller: Caller, name: string, port: number): RouteTables {
  const isOffered = (route: Route) => {
    const wildcard = route.hosts.includes(name) ? undefined : wildcardFor(route, name);
    if (wildcard !== undefined && isForKnown(mesh, caller, wildcard, port)) return false;
    return (
      port === 80 || route.hosts.some((each) => hostsNamed(mesh, each).some((named) => named.port.number === port))
    );
  };
  const isImported = imported(caller, port);
  return tablesForOtherName(mesh, proxyOf(caller, port), name, (route) => isOffered(route) && isImported(route));
}

/** Whether a wildcard is for Services, or for hosts of ServiceEntries that the caller knows, at a port. */
function isForKnown(mesh: MeshCluster, { namespace }: Caller, wildcard: string, port: number): boolean {
  return hostsBelow(mesh, wildcard).some(
    (named) => named.port.number === port && (named.service !== undefined || isVisible(named, namespace)),
  );
}

/** Who has a name by which a Service is called. */
export type NameClaim =
  | { readonly kind: 'the Service' }
  | { readonly kind: 'routes'; readonly tables: RouteTables }
  | { readonly kind: 'undecided'; readonly because: string };

const ofService: NameClaim = { kind: 'the Service' };

/**
 * A VirtualService may be for the very name. Then that of both has it whose rules count first; a Service without rules comes
 * after all of them (T-92).
 */
export function claimOf(mesh: MeshCluster, caller: Caller, named: NamedHost, name: string): NameClaim {
  if (name === named.host || !meshRoutesOf(mesh).exact.has(name)) return ofService;
  const port = named.port.number;
  const tables = tablesForName(mesh, caller, name, port);
  const [rival] = tables.tables.flatMap(({ routes }) => routes);
  if (rival === undefined || !rival.hosts.includes(name)) return ofService;
  const own = tablesAtSidecar(mesh, proxyOf(caller, port), named, imported(caller, port));
  const owners = own.tables.flatMap(({ routes }) => routes);
  const orders = ordersOf(inClasses([...new Set([...owners, rival])], caller.namespace ?? ''));
  const firsts = new Set(orders.map(([first]) => first === rival));
  if (firsts.size > 1)
    return { kind: 'undecided', because: `which of ${namesOf([...owners, rival])} is the oldest (I-01b)` };
  return firsts.has(true) ? { kind: 'routes', tables } : ofService;
}
