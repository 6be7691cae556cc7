import type { Mesh } from '../../../../src/mesh/mesh.js';
import type { HttpRequest, Payload, Request } from '../../../../src/mesh/request.js';
import { type Dice, diceOf } from '../../cases/dice.js';
import type { RoutedStanding } from '../cases/routed.js';
import { askedHosts, grpcMethods, grpcServices, methods, plainPaths, queries, users } from '../cases/values.js';
import { type Aim, aimsAt } from './aims.js';
import { placesOf, type RoutedPlace } from './places.js';

/** Requests at the edges of what the routes of a case say; each once. */
export function routedRequests(mesh: Mesh, standing: RoutedStanding, count: number): readonly Request[] {
  const at = mesh.clusters.get(standing.cluster);
  if (at === undefined) throw new Error(`${standing.name}: no cluster ${standing.cluster}`);
  const dice = diceOf(`${standing.name} requests`);
  const { sources, destinations } = placesOf(at.cluster, standing.theme);
  const aims = aimsAt(standing.objects, dice);
  if (sources.length === 0 || destinations.length === 0) return [];
  const made = Array.from({ length: count }, (): Request => {
    const place = dice.pick(weighted(destinations, standing));
    return { source: dice.pick(sources), destination: place.destination, payload: payloadFor(place, aims, dice) };
  });
  return [...new Map(made.map((request) => [JSON.stringify(request), request])).values()];
}

/** Routes for connections are asked for bytes, and what most routes are for is asked most. */
function weighted(places: readonly RoutedPlace[], { theme }: RoutedStanding): readonly RoutedPlace[] {
  if (theme.kind === 'hosts outside') return places;
  if (theme.kind === 'connections') {
    const bytes = places.filter(({ carries }) => carries !== 'requests');
    return bytes.length > 0 ? bytes : places;
  }
  const web = places.filter(({ destination }) => 'service' in destination && destination.service === 'shop/web');
  return [...places, ...web, ...web].filter(({ carries }) => carries !== 'bytes');
}

function payloadFor({ names, carries }: RoutedPlace, aims: readonly Aim[], dice: Dice): Payload {
  if (carries === 'bytes' || (carries === 'both' && dice.chance(0.3))) return { kind: 'tcp' };
  const aim = aims.length > 0 && dice.chance(0.7) ? dice.pick(aims) : { headers: {} };
  return varied({ ...sent(aim, dice), host: aim.host ?? hostFor(names, dice) }, dice);
}

function hostFor(names: readonly string[], dice: Dice): string {
  const draw = dice.next();
  if (draw < 0.12) return dice.pick([...askedHosts, 'ledger.pay', 'cart.shop', 'web-v1.shop', 'partner.example.net']);
  const name = dice.pick(names);
  if (draw < 0.2) return `${name}:${dice.pick([80, 9080, 8080])}`;
  return draw < 0.24 ? name.toUpperCase() : name;
}

function sent({ path, method, headers, query }: Aim, dice: Dice): HttpRequest {
  const isGrpc = path?.includes('.') === true && method === 'POST';
  const plain = dice.chance(0.1) ? `/${dice.pick(grpcServices)}/${dice.pick(grpcMethods)}` : dice.pick(plainPaths);
  const parameters = query ?? (!isGrpc && dice.chance(0.15) ? dice.pick(queries) : undefined);
  const extra = dice.chance(0.2) ? { 'x-user': dice.pick(users) } : {};
  return {
    kind: 'http',
    method: method ?? (dice.chance(0.2) ? dice.pick(methods) : 'GET'),
    path: withQuery(path ?? plain, parameters),
    host: '',
    headers: { ...extra, ...headers },
  };
}

function withQuery(path: string, query: string | undefined): string {
  return query === undefined || path.includes('?') ? path : `${path}?${query}`;
}

/** Sometimes one thing of it is another than what a match asks for. */
function varied(request: HttpRequest, dice: Dice): HttpRequest {
  if (dice.chance(0.6)) return request;
  const { path, headers } = request;
  const [bare = '/', query] = path.split('?');
  const again = (changed: string) => withQuery(changed, query);
  return dice.pick<() => HttpRequest>([
    () => ({ ...request, path: again(bare.endsWith('/') ? bare.slice(0, -1) || '/' : `${bare}/`) }),
    () => ({ ...request, path: again(bare.toUpperCase()) }),
    () => ({ ...request, path: again(`/${bare}`) }),
    () => ({ ...request, path: again(bare.replace('a', '%61')) }),
    () => ({ ...request, path: again(`${bare}x`) }),
    () => ({ ...request, path: `${bare}?${dice.pick(queries)}` }),
    () => ({ ...request, method: dice.pick(methods) }),
    () => ({ ...request, headers: {} }),
    () => ({
      ...request,
      headers: { ...headers, 'x-user': dice.pick(users), 'x-env': dice.pick(['a', 'ab', 'test']) },
    }),
    () => ({ ...request, host: dice.pick(askedHosts) }),
  ])();
}
