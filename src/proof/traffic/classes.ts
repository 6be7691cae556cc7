import { bit } from '../../algebra/bits.js';
import type { CallerKind, Callers } from '../../algebra/callers.js';
import { satisfying, where } from '../../algebra/conditions.js';
import { type Constants, mergeConstants } from '../../algebra/constants.js';
import type { Test } from '../../algebra/dimension.js';
import { type Lane, withHostNames } from '../../algebra/lane.js';
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
import { type Choice, constantsOfPoint, tableSets } from '../../algebra/routes/table-sets.js';
import type { Space, spaceMaker } from '../../algebra/space.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { hostChoice } from '../../mesh/paths/host-choice.js';
import type { Service, ServicePort } from '../../topology/model.js';
import type { IntendedEntry } from './intended-entries.js';
import { type PathChange, pathsInCommon } from './rewrites.js';

/** Requests that intents and the mesh treat alike each for themselves: for one entry of the intents and one of a table. */
export interface RequestClass {
  readonly entry: IntendedEntry;
  readonly requests: RequestSet;
}

/** All requests of some callers to a port of a Service, cut into classes, and those of which it is not known which they are in. */
export interface Classes {
  readonly space: Space;
  readonly decided: readonly RequestClass[];
  readonly open: RequestSet;
}

export interface Scene {
  readonly mesh: Mesh;
  readonly at: MeshCluster;
  readonly lane: Lane;
  readonly addressed: { readonly service: Service; readonly port: ServicePort };
  readonly makeSpace: ReturnType<typeof spaceMaker>;
  readonly all: Callers;
  readonly kind: CallerKind;
}

/** Cuts by what intents ask and by what the tables of the mesh do. */
export function classesOf(
  scene: Scene,
  entries: readonly IntendedEntry[],
  choices: ReadonlyArray<readonly Choice[]>,
  changes: readonly PathChange[],
): Classes {
  const { kind, all } = scene;
  const points = [...new Set(choices.flatMap((each) => each.map(({ point }) => point)))];
  const compared = mergeConstants([
    ...entries.map(constantsOfEntry),
    ...points.map(constantsOfPoint),
    pathsInCommon(changes),
  ]);
  const plan = { lane: scene.lane, ways: [{ ...kind, stop: undefined, gates: [] }] };
  const space = scene.makeSpace(all, withHostNames(scene.mesh, plan, compared));
  const own = intersect(boxSet(space.shape, new Map([[0, kind.callers]])), namingService(scene, space, kind));
  // What CORS answers no route is for.
  const addressed = choices.filter(isOfPreflights).reduce((left, each) => subtract(left, chosenBy(space, each)), own);
  const byMesh = choices.map((each) => chosenBy(space, each));
  const decided = intendedSets(space, entries).flatMap((meant, index): readonly RequestClass[] => {
    const entry = entries[index];
    if (entry === undefined) return [];
    return byMesh.map((chosen) => ({ entry, requests: intersect(addressed, meant, chosen) }));
  });
  const rest = decided.reduce((open, { requests }) => subtract(open, requests), addressed);
  const known = decided.filter(({ requests }) => !isEmpty(requests));
  const cut = changes.length === 0 ? known : known.flatMap((each) => byPath(space, each));
  return { space, decided: cut, open: rest };
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

/** What names another host is no request to the Service where the caller's sidecar goes by that (T-92). */
function namingService({ at, addressed }: Scene, space: Space, { representative: { caller } }: CallerKind): RequestSet {
  const goesByHost = caller.speaks === 'sidecar' && addressed.port.layer === 'http';
  if (!goesByHost || !space.positions.has('request.host')) return fullSet(space.shape);
  return where(space, 'request.host', ([host = '']) => hostChoice(at, caller, addressed, host) === 'the Service');
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
