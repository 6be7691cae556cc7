import type { Route } from '../route.js';

/** How a route is known to the proxies of a namespace: those that are for it alone come before those that all know. */
export type Visibility = 'private' | 'exported' | 'public';

/** `undefined` where they do not know it. `~` hides a route from everybody (T-04, T-06). */
export function visibilityOf({ exportTo, namespace }: Route, viewer: string): Visibility | undefined {
  if (exportTo.includes('*')) return 'public';
  if (exportTo.includes('~')) return undefined;
  if (viewer === namespace && (exportTo.includes('.') || exportTo.includes(namespace))) return 'private';
  return viewer !== namespace && exportTo.includes(viewer) ? 'exported' : undefined;
}

/**
 * Routes as the proxies of a namespace take them, in classes that go one after the other; within a class the oldest is
 * the first. A route of the Gateway API of their own namespace goes before all other public ones (T-04, I-01b).
 */
export function inClasses(routes: readonly Route[], viewer: string): ReadonlyArray<readonly Route[]> {
  const classOf = (route: Route): number => {
    const visibility = visibilityOf(route, viewer);
    if (visibility === 'private') return 0;
    if (visibility === 'exported') return 1;
    if (visibility === undefined) return hidden;
    return route.reach === 'by-parent' && route.namespace === viewer ? 2 : 3;
  };
  return [0, 1, 2, 3].map((place) => routes.filter((route) => classOf(route) === place));
}

const hidden = 4;
