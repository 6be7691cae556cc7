import { bit } from '../../algebra/bits.js';
import { satisfying, where } from '../../algebra/conditions.js';
import { type Constants, mergeConstants } from '../../algebra/constants.js';
import type { Test } from '../../algebra/dimension.js';
import {
  boxSet,
  emptySet,
  fullSet,
  intersect,
  isEmpty,
  type RequestSet,
  subtract,
  union,
} from '../../algebra/request-set.js';
import { choicesOf } from '../../algebra/routes/routed-ways.js';
import { type Choice, constantsOfPoint, routingPoints, tableSets } from '../../algebra/routes/table-sets.js';
import type { Space, spaceMaker } from '../../algebra/space.js';
import type { Leg } from '../../mesh/paths/legs.js';
import type { Way } from '../../mesh/paths/ways.js';
import { groupBy } from '../../util/order.js';
import type { Entrance } from './entrance.js';
import type { IntendedEntry } from './intended-entries.js';
import { pathChanges, pathsInCommon } from './rewrites.js';
import { lastPart } from './through-gateways.js';

/** Requests that intents and the mesh treat alike each for themselves: for one entry of the intents and one of a table. */
export interface RequestClass {
  readonly entry: IntendedEntry;
  readonly requests: RequestSet;
}

/** All requests that come one way, cut into classes, and those of which it is not known which they are in. */
export interface Classes {
  readonly space: Space;
  readonly decided: readonly RequestClass[];
  readonly open: RequestSet;
}

/** Cuts by what intents ask and by what the tables of the mesh do. */
export function classesOf(
  makeSpace: ReturnType<typeof spaceMaker>,
  entrance: Entrance,
  entries: readonly IntendedEntry[],
): Classes {
  const { kind, all, ways } = entrance;
  const choices = choicesIn(entrance);
  const changes = pathChanges(entries, ways.flatMap(legsOf));
  const points = [...new Set(choices.flatMap((each) => each.map(({ point }) => point)))];
  const told = [...entries.map(constantsOfEntry), ...points.map(constantsOfPoint), pathsInCommon(changes)];
  const space = makeSpace(all, entrance.withHosts(mergeConstants(told)));
  const own = intersect(boxSet(space.shape, new Map([[0, kind.callers]])), meantHosts(entrance, space));
  // What CORS answers no route is for.
  const addressed = choices.filter(isOfPreflights).reduce((left, each) => subtract(left, chosenBy(space, each)), own);
  const decided = classesIn(space, addressed, entries, choices);
  const open = decided.reduce((left, { requests }) => subtract(left, requests), addressed);
  const known = decided.filter(({ requests }) => !isEmpty(requests));
  return { space, decided: changes.length === 0 ? known : known.flatMap((each) => byPath(space, each)), open };
}

function classesIn(
  space: Space,
  addressed: RequestSet,
  entries: readonly IntendedEntry[],
  choices: ReadonlyArray<readonly Choice[]>,
): readonly RequestClass[] {
  const byMesh = choices.map((each) => chosenBy(space, each));
  return intendedSets(space, entries).flatMap((meant, index): readonly RequestClass[] => {
    const entry = entries[index];
    if (entry === undefined) return [];
    return byMesh.map((chosen) => ({ entry, requests: intersect(addressed, meant, chosen) }));
  });
}

/** The choices by which requests are told apart, each once. */
function choicesIn({ asked: { at }, ways }: Entrance): ReadonlyArray<readonly Choice[]> {
  const pointAt = routingPoints();
  const ofWay = (way: Way): readonly Choice[] => {
    const { onward } = way.through ?? {};
    return [...choicesOf(way, { pointAt, at }), ...(onward === undefined ? [] : ofWay(onward.way))];
  };
  const all = ways.map(ofWay);
  const groups = groupBy(all, (choices) => choices.map(({ entries }) => entries.join()).join(' '));
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

function legsOf(way: Way): readonly Leg[] {
  const { client, behind } = lastPart(way);
  return behind === undefined ? [client] : [client, behind.leg];
}

function constantsOfEntry({ tests }: IntendedEntry): Constants {
  return mergeConstants(tests.map(({ attribute, anyOf, noneOf }) => new Map([[attribute, [...anyOf, ...noneOf]]])));
}

/** The first that surely is for a request, where surely none before it is. */
function intendedSets(space: Space, entries: readonly IntendedEntry[]): readonly RequestSet[] {
  let open = fullSet(space.shape);
  return entries.map(({ tests }) => {
    const set = (bound: 'surely' | 'possibly') => tests.reduce((left, test) => meet(space, left, test, bound), open);
    const decided = set('surely');
    open = subtract(open, set('possibly'));
    return decided;
  });
}

function meet(space: Space, left: RequestSet, test: Test, bound: 'surely' | 'possibly'): RequestSet {
  return intersect(left, satisfying(space, test, bound));
}

function isOfPreflights(choices: readonly Choice[]): boolean {
  return choices.some(({ point, entries }) =>
    entries.some((entry) => point.table.entries[entry]?.isOfPreflights === true),
  );
}

/** The requests that surely come by some entries of the tables. */
function chosenBy(space: Space, choices: readonly Choice[]): RequestSet {
  return choices.reduce((set, { point, entries }) => {
    const sets = tableSets(space)(point).surely;
    return intersect(set, union(emptySet(space.shape), ...entries.flatMap((entry) => sets[entry] ?? [])));
  }, fullSet(space.shape));
}

function meantHosts({ isMeant }: Entrance, space: Space): RequestSet {
  if (!space.positions.has('request.host')) return fullSet(space.shape);
  return where(space, 'request.host', ([host = '']) => isMeant(host));
}

/** A path becomes another one, so each class of paths is one of its own. */
function byPath(space: Space, { entry, requests }: RequestClass): readonly RequestClass[] {
  const position = space.positions.get('request.path');
  const dimension = position === undefined ? undefined : space.dimensions[position - 1];
  if (position === undefined || dimension?.kind !== 'value') return [{ entry, requests }];
  const parts = dimension.atoms.map((_, atom) => {
    const box = boxSet(space.shape, new Map([[position, bit(atom)]]));
    return { entry, requests: intersect(requests, box) };
  });
  return parts.filter((part) => !isEmpty(part.requests));
}
