import { type CallerClass, callersAmong } from '../algebra/callers.js';
import { mergeConstants } from '../algebra/constants.js';
import { type Lane, withHostNames } from '../algebra/lane.js';
import { emptySet, fullSet, intersect, isEmpty, type RequestSet, union } from '../algebra/request-set.js';
import { choicesOf } from '../algebra/routes/routed-ways.js';
import { type Choice, constantsOfPoint, type routingPoints, tableSets } from '../algebra/routes/table-sets.js';
import type { Space } from '../algebra/space.js';
import { witnessOf } from '../algebra/witness.js';
import type { MeshCluster } from '../mesh/mesh.js';
import type { Way } from '../mesh/paths/ways.js';
import type { TextMatcher } from '../mesh/policies/matcher.js';
import type { HttpRequest } from '../mesh/request.js';
import { groupBy } from '../util/order.js';
import type { Pair } from './pair.js';

/** What the tables on some ways choose for requests, one entry for each class of them. */
export type RoutedClasses = ReadonlyArray<readonly Choice[]>;

/** `pointAt`: the same for both states, so that what neither changes is one point. */
export function routedClasses(
  pointAt: ReturnType<typeof routingPoints>,
  at: MeshCluster,
  ways: readonly Way[],
): RoutedClasses {
  const groups = groupBy(
    ways.map((way) => choicesIn(way, pointAt, at)),
    (choices) => choices.map(({ entries }) => entries.join()).join(' '),
  );
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

function choicesIn(way: Way, pointAt: ReturnType<typeof routingPoints>, at: MeshCluster): readonly Choice[] {
  const { onward } = way.through ?? {};
  return [...choicesOf(way, { pointAt, at }), ...(onward === undefined ? [] : choicesIn(onward.way, pointAt, at))];
}

interface ClassesOfBoth {
  readonly was: RoutedClasses;
  readonly is: RoutedClasses;
  /** A host that requests may name, beside those that tables compare. */
  readonly host?: string;
  /** The requests that it is about. */
  meant(space: Space): RequestSet;
}

/** One request of each class that the tables of either state tell apart. */
export function requestsToldApart(
  pair: Pair,
  lane: Lane,
  caller: CallerClass,
  { was, is, host, meant }: ClassesOfBoth,
): readonly HttpRequest[] {
  const points = [...new Set([...was, ...is].flatMap((choices) => choices.map(({ point }) => point)))];
  const callers = callersAmong([caller]);
  const named: readonly TextMatcher[] = host === undefined ? [] : [{ kind: 'exact', value: host, ignoreCase: true }];
  const constants = mergeConstants([
    ...points.map(constantsOfPoint),
    ...(host === undefined ? [] : [new Map([['request.host', named] as const])]),
  ]);
  const [kind] = callers.kinds;
  const ways = kind === undefined ? [] : [{ ...kind, stop: undefined, gates: [] }];
  const space = pair.states.makeSpace(callers, withHostNames(pair.after.mesh, { lane, ways }, constants));
  const asked = meant(space);
  return was.flatMap((left) =>
    is.flatMap((right): readonly HttpRequest[] => {
      const set = intersect(asked, chosenBy(space, left), chosenBy(space, right));
      const payload = isEmpty(set) ? undefined : witnessOf(space, lane, set)?.payload;
      return payload?.kind === 'http' ? [payload] : [];
    }),
  );
}

/** The requests that surely come by some entries of the tables. */
function chosenBy(space: Space, choices: readonly Choice[]): RequestSet {
  return choices.reduce((set, { point, entries }) => {
    const sets = tableSets(space)(point).surely;
    return intersect(set, union(emptySet(space.shape), ...entries.flatMap((entry) => sets[entry] ?? [])));
  }, fullSet(space.shape));
}
