import type { Constants } from '../../algebra/constants.js';
import type { Leg } from '../../mesh/paths/legs.js';
import { exactly } from '../../mesh/policies/matcher.js';
import type { PathMatch, PathRewrite, RouteMatch } from '../../mesh/routes/route.js';
import type { IntendedEntry } from './intended-entries.js';

/** What becomes of a path: one and the same of all, or another beginning of each. */
export type PathChange = { readonly whole: string } | { readonly from: string; readonly to: string };

/** What intents and the proxies on some ways make of paths; none where nobody changes any. */
export function pathChanges(entries: readonly IntendedEntry[], legs: readonly Leg[]): readonly PathChange[] {
  return [...entries.flatMap(meantChanges), ...legs.flatMap(changesOnLeg)];
}

/**
 * The paths at which a rewrite of all to one path says what one of their beginnings says, and nowhere else: as constants
 * they are classes of their own, so that what holds for one member of a class holds for all.
 */
export function pathsInCommon(changes: readonly PathChange[]): Constants {
  const paths = changes.flatMap((one) => changes.flatMap((other) => pathInCommon(one, other)));
  return paths.length === 0 ? new Map() : new Map([['request.path', [...new Set(paths)].map(exactly)]]);
}

const unchanged: PathChange = { from: '', to: '' };

function meantChanges({ route, path }: IntendedEntry): readonly PathChange[] {
  const { rewrite } = route ?? {};
  if (rewrite?.path !== undefined) return [{ whole: rewrite.path }, unchanged];
  if (rewrite?.prefix === undefined) return [];
  const slash = path?.value.endsWith('/') === true && !rewrite.prefix.endsWith('/') ? '/' : '';
  const to = `${rewrite.prefix}${slash}`;
  return [path?.kind === 'prefix' ? { from: path.value, to } : { whole: to }, unchanged];
}

function changesOnLeg({ applied, rule }: Leg): readonly PathChange[] {
  const redirect = rule?.result.kind === 'redirect' ? rule.result.to.path : undefined;
  return [
    ...applied.flatMap(({ changes: { path }, match }) => changesBy(path, match)),
    ...(rule === undefined ? [] : changesBy(redirect, rule.matches[0])),
  ];
}

function changesBy(path: PathRewrite | undefined, match: RouteMatch | undefined): readonly PathChange[] {
  if (path?.kind === 'whole') return [{ whole: path.value }, unchanged];
  const named: Pick<PathMatch, 'kind' | 'value'> = match?.path ?? { kind: 'prefix', value: '/' };
  if (path?.kind === 'strip') return [{ from: named.value, to: '' }, unchanged];
  if (path?.kind !== 'prefix') return [];
  const isPart = named.kind === 'prefix' || named.kind === 'elements';
  return [isPart ? { from: named.value, to: path.value } : { whole: path.value }, unchanged];
}

function pathInCommon(one: PathChange, other: PathChange): readonly string[] {
  if (!('whole' in one) || 'whole' in other || !one.whole.startsWith(other.to)) return [];
  return [other.from + one.whole.slice(other.to.length)];
}
