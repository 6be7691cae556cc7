import type { JsonObject } from '../../../../src/parse/document.js';
import { type Dice, diceOf } from '../../cases/dice.js';
import { meshDocument } from '../../cases/project.js';
import type { Standing } from '../../cases/standing.js';
import { besideRoutes } from './beside.js';
import { grpcRoute } from './grpc-route.js';
import { hostsOutside } from './hosts-outside.js';
import { httpRoute } from './http-route.js';
import { type RouteMaking, routedWorld } from './routed-world.js';
import { tcpRoute } from './tcp-route.js';
import { type RouteTheme, routeThemes } from './theme.js';
import { virtualService } from './virtual-service.js';

/** A mesh with random routes, and what they are about. */
export interface RoutedStanding extends Standing {
  readonly theme: RouteTheme;
}

/** Each theme in turn; the same for the same seed. */
export function routedStandings(seed: number, count: number): readonly RoutedStanding[] {
  return Array.from({ length: count }, (_, index) => {
    const theme = routeThemes[index % routeThemes.length] ?? { proxy: 'sidecar', kind: 'VirtualService' };
    const name = `routes/${theme.kind.replace(' ', '-')}-${theme.proxy}-${seed}-${index}`;
    return standingOf(theme, name);
  });
}

/** What leaves the mesh, from sidecars and through waypoints in turn. */
export function outsideStandings(seed: number, count: number): readonly RoutedStanding[] {
  return Array.from({ length: count }, (_, index) => {
    const theme = { proxy: index % 2 === 0 ? 'waypoint' : 'sidecar', kind: 'hosts outside' } as const;
    return standingOf(theme, `routes/hosts-outside-${theme.proxy}-${seed}-${index}`);
  });
}

const cluster = 'main';

function standingOf(theme: RouteTheme, name: string): RoutedStanding {
  const dice = diceOf(name);
  const making: RouteMaking = { ...theme, dice, created: datesOf(dice) };
  const mesh = meshDocument({ clusters: [{ name: cluster }] });
  return {
    name,
    cluster,
    theme,
    mesh,
    objects: [...routedWorld(making), ...objectsOf(making)],
  };
}

function objectsOf(making: RouteMaking): readonly JsonObject[] {
  if (making.kind === 'hosts outside') return hostsOutside(making);
  return [...routesOf(making), ...besideRoutes(making)];
}

function datesOf(dice: Dice): () => JsonObject {
  const days = dice.some(
    Array.from({ length: 28 }, (_, index) => String(index + 1).padStart(2, '0')),
    28,
  );
  return () => {
    const day = days.pop() ?? '01';
    return dice.chance(0.03) ? {} : { creationTimestamp: `2026-01-${day}T00:00:00Z` };
  };
}

function routesOf(making: RouteMaking): readonly JsonObject[] {
  const { kind, dice } = making;
  const indices = Array.from({ length: 1 + dice.below(4) }, (_, index) => index);
  const made = indices.flatMap((index): readonly JsonObject[] => {
    switch (kind) {
      case 'VirtualService':
        return virtualService(making, index);
      case 'HTTPRoute':
        return [httpRoute(making, index)];
      case 'GRPCRoute':
        return [dice.chance(0.8) ? grpcRoute(making, index) : httpRoute(making, index)];
      case 'connections':
        return dice.chance(0.75) ? virtualService(making, index) : [tcpRoute(making, index)];
      default:
        return dice.chance(0.5) ? virtualService(making, index) : [httpRoute(making, index)];
    }
  });
  return onePerName(made);
}

/** Rules may delegate to the same VirtualService: the first that is made of a name counts. */
function onePerName(objects: readonly JsonObject[]): readonly JsonObject[] {
  const byName = new Map(objects.toReversed().map((object) => [nameOf(object), object]));
  return objects.filter((object) => byName.get(nameOf(object)) === object);
}

function nameOf({ kind, metadata }: JsonObject): string {
  return `${kind} ${Object(metadata).namespace}/${Object(metadata).name}`;
}
