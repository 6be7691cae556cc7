import type { RouteMatch } from '../../mesh/routes/route.js';
import type { RouteTable } from '../../mesh/routes/table.js';
import { oncePerObject } from '../../util/once.js';
import { type Bound, opposite } from '../conditions.js';
import type { Constants } from '../constants.js';
import { mergeConstants } from '../constants.js';
import { emptySet, fullSet, intersect, type RequestSet, subtract } from '../request-set.js';
import type { Space } from '../space.js';
import { testsOf } from './match-tests.js';
import { askedOfSent, keyOfRewritten, type Rewritten, satisfyingAfter, seenAfter } from './rewritten.js';

/** The requests that each entry of a table decides, in the order of the entries, and last those that none does. */
export type TableSets = Readonly<Record<Bound, readonly RequestSet[]>>;

/** A table where requests have become what they are when they come to it. */
export interface RoutingPoint {
  readonly table: RouteTable;
  readonly arriving: Rewritten;
}

/** Some entries of a table, by their index; the number of entries stands for none of them. */
export interface Choice {
  readonly point: RoutingPoint;
  readonly entries: readonly number[];
}

/** The same point for the same entries and requests, whichever caller brings them: what is known of it is known once. */
export function routingPoints(): (table: RouteTable, arriving: Rewritten) => RoutingPoint {
  const numbers = new Map<RouteMatch | undefined, number>([[undefined, 0]]);
  const numberOf = ({ match }: RouteTable['entries'][number]) => {
    const number = numbers.get(match) ?? numbers.size;
    numbers.set(match, number);
    return number;
  };
  const tableKey = oncePerObject(({ entries }: RouteTable) => `${entries.map(numberOf)}`);
  const points = new Map<string, RoutingPoint>();
  return (table, arriving) => {
    const key = `${tableKey(table)} ${keyOfRewritten(arriving)}`;
    const point = points.get(key) ?? { table, arriving };
    points.set(key, point);
    return point;
  };
}

/** An entry decides what it matches and none before it does (T-10). */
export const tableSets = oncePerObject((space: Space) =>
  oncePerObject(
    (point: RoutingPoint): TableSets => ({
      surely: decided(space, point, 'surely'),
      possibly: decided(space, point, 'possibly'),
    }),
  ),
);

function decided(space: Space, { table, arriving }: RoutingPoint, bound: Bound): readonly RequestSet[] {
  let open = fullSet(space.shape);
  const sets = table.entries.map(({ match }) => {
    const set = intersect(open, matchSet(space, match, arriving, bound));
    open = subtract(open, matchSet(space, match, arriving, opposite(bound)));
    return set;
  });
  return [...sets, open];
}

function matchSet(space: Space, match: RouteMatch | undefined, arriving: Rewritten, bound: Bound): RequestSet {
  if (match === undefined) return fullSet(space.shape);
  const { tests, isDoubtful } = testsOf(match);
  if (isDoubtful && bound === 'surely') return emptySet(space.shape);
  return intersect(fullSet(space.shape), ...tests.map((test) => satisfyingAfter(arriving, space, test, bound)));
}

/** Everything that a table compares requests with. */
export function constantsOfPoint({ table, arriving }: RoutingPoint): Constants {
  const tests = table.entries.flatMap(({ match }) => (match === undefined ? [] : testsOf(match).tests));
  const asked = tests
    .filter(({ attribute }) => seenAfter(arriving, attribute) === undefined)
    .map(askedOfSent(arriving));
  return mergeConstants(asked.map(({ attribute, anyOf, noneOf }) => new Map([[attribute, [...anyOf, ...noneOf]]])));
}

/** Why it is not known of some request what decides it, where that is so. */
export const doubtAtPoint = oncePerObject(({ table, arriving }: RoutingPoint): Doubt => {
  const doubts = table.entries.flatMap(({ match }) => {
    if (match === undefined) return [];
    const { tests, isDoubtful } = testsOf(match);
    const own = match.doubt ?? 'something that a route asks for and sets do not know';
    return [...(isDoubtful ? [own] : []), ...tests.flatMap((test) => doubtOfTest(test, arriving))];
  });
  return { because: doubts[0] };
});

interface Doubt {
  readonly because: string | undefined;
}

function doubtOfTest(test: Parameters<ReturnType<typeof askedOfSent>>[0], arriving: Rewritten): readonly string[] {
  const seen = seenAfter(arriving, test.attribute);
  const open = [...test.anyOf, ...test.noneOf].flatMap((matcher) =>
    matcher.kind === 'not-modelled' ? [matcher.why] : [],
  );
  return seen?.known === false ? [seen.why, ...open] : open;
}
