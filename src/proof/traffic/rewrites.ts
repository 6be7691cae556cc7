import type { Constants } from '../../algebra/constants.js';
import type { Leg } from '../../mesh/paths/legs.js';
import { exactly } from '../../mesh/policies/matcher.js';
import type { PathMatch } from '../../mesh/routes/route.js';
import type { IntendedEntry } from './intended-entries.js';

/** What becomes of a path: one and the same of all, or another beginning of each. */
type Change = { readonly whole: string } | { readonly from: string; readonly to: string };

/**
 * The paths at which a rewrite of all to one path says what one of their beginnings says, and nowhere else: as constants
 * they are classes of their own, so that what holds for one member of a class holds for all.
 */
export function pathsInCommon(entries: readonly IntendedEntry[], legs: readonly Leg[]): Constants {
  const changes = [...entries.flatMap(meantChanges), ...legs.flatMap(changesOnLeg)];
  const paths = changes.flatMap((one) => changes.flatMap((other) => pathInCommon(one, other)));
  return paths.length === 0 ? new Map() : new Map([['request.path', [...new Set(paths)].map(exactly)]]);
}

const unchanged: Change = { from: '', to: '' };

function meantChanges({ route, path }: IntendedEntry): readonly Change[] {
  const { rewrite } = route ?? {};
  if (rewrite?.path !== undefined) return [{ whole: rewrite.path }, unchanged];
  if (rewrite?.prefix === undefined) return [];
  const slash = path?.value.endsWith('/') === true && !rewrite.prefix.endsWith('/') ? '/' : '';
  const to = `${rewrite.prefix}${slash}`;
  return [path?.kind === 'prefix' ? { from: path.value, to } : { whole: to }, unchanged];
}

function changesOnLeg({ applied }: Leg): readonly Change[] {
  return applied.flatMap(({ changes: { path }, match }): readonly Change[] => {
    if (path?.kind === 'whole') return [{ whole: path.value }, unchanged];
    const named: Pick<PathMatch, 'kind' | 'value'> = match?.path ?? { kind: 'prefix', value: '/' };
    if (path?.kind === 'strip') return [{ from: named.value, to: '' }, unchanged];
    if (path?.kind !== 'prefix') return [];
    const isPart = named.kind === 'prefix' || named.kind === 'elements';
    return [isPart ? { from: named.value, to: path.value } : { whole: path.value }, unchanged];
  });
}

function pathInCommon(one: Change, other: Change): readonly string[] {
  if (!('whole' in one) || 'whole' in other || !one.whole.startsWith(other.to)) return [];
  return [other.from + one.whole.slice(other.to.length)];
}
