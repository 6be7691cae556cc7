import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficRoute, TrafficSettings } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';

/** Reports routes that no request reaches, and requests that no route is said to be for. */
export function checkRoutes(context: ResolveContext, { name, routes, unmatched }: TrafficSettings): void {
  reportRepeatedNames(context, name.value, routes);
  for (const route of routes) checkRewrite(context, route);
  const all = routes.findIndex(({ match }) => match.length === 0);
  const catchAll = routes[all];
  const last = routes.at(-1);
  if (catchAll === undefined) {
    if (unmatched === undefined && last) context.report(diagnostic('no-last-route', {}, last.name.span));
    return;
  }
  const notes = [{ message: 'this one matches every request', span: catchAll.name.span }];
  for (const route of routes.slice(all + 1))
    context.report(diagnostic('unreachable-route', { route: route.name.value }, route.name.span, { notes }));
  if (unmatched) context.report(diagnostic('nothing-unmatched', {}, unmatched.span, { notes }));
}

function reportRepeatedNames(context: ResolveContext, settings: string, routes: readonly TrafficRoute[]): void {
  const first = new Map<string, TrafficRoute>();
  for (const route of routes) {
    const earlier = first.get(route.name.value);
    if (earlier === undefined) first.set(route.name.value, route);
    else {
      const notes = [{ message: 'the first is here', span: earlier.name.span }];
      context.report(diagnostic('duplicate-rule', { name: route.name.value, settings }, route.name.span, { notes }));
    }
  }
}

/** A prefix is replaced where one was matched: by every `match`, and by paths that are prefixes or exact. */
function checkRewrite(context: ResolveContext, { rewrite, match }: TrafficRoute): void {
  if (rewrite?.prefix === undefined) return;
  const paths = match.flatMap((each) => each.paths);
  const odd = paths.find(({ kind }) => kind !== 'prefix' && kind !== 'exact');
  const isEverywhere = match.length > 0 && match.every((each) => each.paths.length > 0);
  if (isEverywhere && odd === undefined) return;
  const why = isEverywhere
    ? 'a path is matched by its end or by a regular expression'
    : 'some requests are matched without `paths`';
  context.report(diagnostic('prefix-without-paths', { why }, odd?.span ?? rewrite.span));
}
