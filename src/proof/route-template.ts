import { ledFrom } from '../algebra/routes/led-from.js';
import type { MeshCluster } from '../mesh/mesh.js';
import { routedNamesOf } from '../mesh/paths/visibility.js';
import { requestDestinations } from '../mesh/routes/destinations.js';
import { routesNaming } from '../mesh/routes/owner/mesh-routes.js';
import type { Route, RouteMatch, RouteRule } from '../mesh/routes/route.js';
import { keyOf, type Service, type Workload } from '../topology/model.js';

/**
 * What routes do with requests to a Service, but for its name. `undefined` where that depends on names: routes that lead
 * elsewhere, choose among versions, or are for another name of it, and several of which one counts.
 */
export function routeTemplate(at: MeshCluster, service: Service): string | undefined {
  const names = routedNamesOf(at, service);
  if (names.length === 0) return '';
  if (names.some((name) => name !== service.host)) return undefined;
  const [route, ...others] = routesNaming(at, service.host);
  if (route === undefined || others.length > 0 || !staysWith(route, service)) return undefined;
  return JSON.stringify(textOf(route));
}

/** Whether requests to other Services may be led to a workload. */
export function isLedTo(at: MeshCluster, workload: Workload): boolean {
  const led = ledFrom(at);
  return led.size > 0 && led.has(keyOf(workload));
}

function staysWith(route: Route, service: Service): boolean {
  const { namespace, hosts, http, tls, tcp } = route;
  const destinations = [...requestDestinations(route), ...http.flatMap(({ mirrors }) => mirrors)];
  const isOwn = hosts.length === 1 && namespace === service.namespace && tls.length + tcp.length === 0;
  return isOwn && destinations.every(({ host, subset }) => host === service.host && subset === undefined);
}

/** Everything but places and names. */
function textOf({ reach, parentPort, exportTo, attachments, http }: Route): unknown {
  return [reach, parentPort, exportTo, attachments.map(({ kind }) => kind), http.map(textOfRule)];
}

function textOfRule({ matches, result, abort, cors }: RouteRule): unknown {
  const { kind } = result;
  const told = kind === 'forward' ? result.destinations.map(({ port, changes, fault }) => [port, changes, fault]) : [];
  return [matches.map(textOfMatch), kind, told, abort?.percent, cors?.origins, cors?.answersOthers];
}

function textOfMatch({ place: _, ...match }: RouteMatch): unknown {
  return match;
}
