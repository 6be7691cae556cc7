import { likenessIn } from '../compare/likeness.js';
import { type Cluster, type Gateway, infrastructure, keyInMesh, keyOf, type Workload } from '../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../util/order.js';
import { type Progress, untold } from '../util/progress.js';
import { type AccessFound, accessChanges, likenessOf } from './access.js';
import type { Approvals } from './approvals.js';
import {
  type Cause,
  type Change,
  type Changes,
  changeKinds,
  type Place,
  type State,
  type TextChanges,
  type Undecided,
} from './change.js';
import { contentOfPolicy } from './content.js';
import { enforcementChange } from './enforcement.js';
import { factsOfGateway, factsOfWorkload, isRouted } from './facts.js';
import { gatewayRouteChanges, withoutAccess } from './gateway-routes.js';
import { gatewayChanges } from './gateways.js';
import { inhabitantChanges } from './inhabitants.js';
import { installationChanges } from './installation.js';
import { type Compared, type Pair, pairOf } from './pair.js';
import { routeChanges } from './routes.js';
import { textChanges } from './texts.js';
import { unservedGateways } from './unserved-gateways.js';
import { type ComparedWay, waysInto, waysTo } from './ways.js';

/**
 * What means something else in one state of a mesh than in another: who gains and loses access, where that is decided, and
 * what has come and gone. Only what something differs about is compared, and of many who are alike in both states one.
 */
export function compareMeshes(before: State, after: State, options: CompareOptions = {}): Changes {
  const { isWhole = false, isOfRequestsAlone = false, approvals, isOfCluster, progress = untold } = options;
  const found = pairOf(before, after, approvals, isOfCluster);
  const compared = isWhole ? { ...found, isAllOther: true } : found;
  const { pair } = compared;
  const clusters = clustersOf(before, after);
  const places = clusters.both.flatMap((each) => placesOf(compared, each));
  const touched = places.filter(({ isTouched }) => isTouched);
  const groups = [...groupBy(touched, ({ likeness }) => likeness).values()];
  const classes = [...groupBy(groups, ([first]) => first?.likenessOfContent).values()];
  const access = classes.flatMap((alike, index) => {
    progress('comparing workloads', index, classes.length);
    return comparedClass(alike, (group) => comparedGroup(pair, group, isOfRequestsAlone));
  });
  const routed = clusters.both.flatMap(([, { name }]) => [
    routeChanges(pair, name, compared.isAllOther),
    gatewayRouteChanges(pair, name, compared.isAllOther),
  ]);
  const granted = access.flatMap(({ changes }) => changes);
  const all = [
    ...clusters.changes,
    ...withoutAccess(
      routed.flatMap(({ changes }) => changes),
      granted,
    ),
    ...clusters.names.flatMap((name) => gatewayChanges(pair, name)),
    ...clusters.both.flatMap(([was, is]) => [...installationChanges(was, is), ...inhabitantChanges(pair, was, is)]),
    ...granted,
  ];
  const undecided = [
    ...routed.flatMap((each) => each.undecided),
    ...access.flatMap((each) => each.undecided),
    ...clusters.names.flatMap((name) => unservedGateways(pair, name)),
    ...compared.unknownCallers.map((fact) => ({ fact, isCrossing: false, places: [] })),
  ];
  return {
    changes: inOrder(joined(all)),
    undecided: joinedFacts(undecided),
    approvedBy: sortedUnique(access.flatMap(({ approvedBy }) => approvedBy)),
    texts: isOfRequestsAlone ? noTexts : textChanges(pair),
    compared: {
      places: places.length,
      touched: touched.length,
      ways: access.reduce((sum, { plans }) => sum + plans.length, 0),
    },
  };
}

export interface CompareOptions {
  /** Whether everything is compared, also what is the same in both states: it costs time and finds nothing more. */
  readonly isWhole?: boolean;
  /** Whether what becomes of requests is all that is asked, and neither where that is decided nor what texts say of it. */
  readonly isOfRequestsAlone?: boolean;
  /** Of what is for the worse, the requests that are not told. */
  readonly approvals?: Approvals | undefined;
  /** Whether what is comes from a cluster: what it has added to an object by itself causes nothing. */
  readonly isOfCluster?: boolean;
  /** Told how far the comparison has come. */
  readonly progress?: Progress | undefined;
}

const noTexts: TextChanges = { objects: [], rules: { added: [], removed: [] } };

/** Somebody who can be called, in either state. */
interface Callee {
  readonly place: Place;
  /** What it has in common with others that are compared with it once. */
  readonly likeness: string;
  /** What it has in common with those whose policies are others and say the same. */
  readonly likenessOfContent: string;
  /** Whether anything differs that decides who reaches it. */
  readonly isTouched: boolean;
  /** Whether what differs is its own, and not only who calls. */
  readonly isOther: boolean;
  compare(): AccessFound;
}

function placesOf(compared: Compared, [was, is]: readonly [Cluster, Cluster]): readonly Callee[] {
  const alike: Likenesses = {
    ofPolicies: likenessIn(compared.pair.states),
    ofContent: likenessIn(compared.pair.states, contentOfPolicy),
  };
  const workloads = [...is.workloads.values()]
    .filter(({ mode }) => !infrastructure.has(mode.plane))
    .map((workload) => workloadIn(compared, was.workloads.get(keyOf(workload)), workload, alike));
  const gateways = [...is.gateways.values()].flatMap((gateway) => {
    const before = was.gateways.get(keyOf(gateway));
    return before === undefined ? [] : [gatewayIn(compared, before, gateway)];
  });
  return [...workloads, ...gateways];
}

interface Likenesses {
  ofPolicies(workload: Workload): string;
  ofContent(workload: Workload): string;
}

function workloadIn(
  compared: Compared,
  was: Workload | undefined,
  workload: Workload,
  { ofPolicies, ofContent }: Likenesses,
): Callee {
  const [before, after] = [compared.pair.before.mesh, compared.pair.after.mesh];
  const isOther =
    compared.isAllOther || was === undefined || factsOfWorkload(before, was) !== factsOfWorkload(after, workload);
  const isAlone =
    was === undefined ||
    compared.pair.approvals !== undefined ||
    isRouted(before, workload) ||
    isRouted(after, workload);
  const alone = `alone ${keyInMesh(workload)}`;
  const likenesses = isAlone ? ([alone, alone] as const) : ([ofPolicies(workload), ofContent(workload)] as const);
  return calleeOf(compared, 'workload', workload, isOther, likenesses, (pair) => waysTo(pair, workload));
}

function gatewayIn(compared: Compared, was: Gateway, gateway: Gateway): Callee {
  const { before, after } = compared.pair;
  const isOther = compared.isAllOther || factsOfGateway(before.mesh, was) !== factsOfGateway(after.mesh, gateway);
  const alone = keyInMesh(gateway);
  return calleeOf(compared, 'gateway', gateway, isOther, [alone, alone], (pair) => waysInto(pair, gateway));
}

/** `isOther`: something differs of the callee itself. Else only who calls may be another, and those alone are compared. */
function calleeOf(
  { pair: all, moved }: Compared,
  kind: Place['kind'],
  object: Workload | Gateway,
  isOther: boolean,
  [likeness, likenessOfContent]: readonly [ofPolicies: string, ofContent: string],
  waysOf: (pair: Pair) => readonly ComparedWay[],
): Callee {
  const place: Place = { kind, cluster: object.cluster, name: keyOf(object) };
  const pair = isOther ? all : (moved ?? all);
  return {
    place,
    likeness: `${kind} ${isOther} ${likeness}`,
    likenessOfContent: `${kind} ${isOther} ${likenessOfContent}`,
    isTouched: isOther || moved !== undefined,
    isOther,
    compare: () => accessChanges(pair, place, waysOf(pair)),
  };
}

/** Where the first shows that nothing becomes otherwise, that holds for all whose policies say the same; else each is compared. */
function comparedClass(
  [first, ...others]: ReadonlyArray<readonly Callee[]>,
  compare: (group: readonly Callee[]) => AccessFound,
): readonly AccessFound[] {
  if (first === undefined) return [];
  const found = compare(first);
  const isNothing = found.changes.length + found.undecided.length === 0;
  return [found, ...(isNothing ? [] : others.map(compare))];
}

/** One is compared for all of a group. */
function comparedGroup(pair: Pair, [first, ...others]: readonly Callee[], isOfRequestsAlone: boolean): AccessFound {
  if (first === undefined) return { changes: [], undecided: [], approvedBy: [], plans: [] };
  const found = first.compare();
  const places = others.map(({ place }) => place);
  const isAskedWhere = first.isOther && !isOfRequestsAlone;
  const changes = [...found.changes, ...(isAskedWhere ? enforcementChange(pair, first.place, found) : [])];
  return {
    ...found,
    changes: changes.map((change) => ({ ...change, others: places })),
    undecided: found.undecided.map((each) => ({ ...each, places: [...each.places, ...places] })),
  };
}

/** What one cause does to many is told once. */
function joined(changes: readonly Change[]): readonly Change[] {
  return [...groupBy(changes, joinKey).values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    return [
      {
        ...first,
        others: distinctPlaces([...first.others, ...rest.flatMap(({ place, others }) => [place, ...others])]),
      },
    ];
  });
}

const aboutOne: ReadonlySet<Change['kind']> = new Set<Change['kind']>([
  'routed-anew',
  'gateway-added',
  'gateway-removed',
]);

/** What has come or gone is one by one, and so is what nothing explains. */
function joinKey(change: Change): string {
  const isOwn = aboutOne.has(change.kind) || change.witness === undefined;
  return isOwn
    ? JSON.stringify([change.kind, change.place, change.requests, change.was, change.callers])
    : `${change.cluster} ${likenessOf(change)}`;
}

function joinedFacts(all: readonly Undecided[]): readonly Undecided[] {
  return [...groupBy(all, ({ fact }) => fact)].map(([fact, group]) => ({
    fact,
    isCrossing: group.every(({ isCrossing }) => isCrossing),
    places: distinctPlaces(group.flatMap(({ places }) => places)),
  }));
}

function distinctPlaces(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [`${place.kind} ${place.cluster}/${place.name}`, place])).values()];
}

function inOrder(changes: readonly Change[]): readonly Change[] {
  return sortBy(
    changes,
    ({ kind }) => changeKinds.indexOf(kind),
    ({ cluster }) => cluster,
    ({ place }) => place.name,
    ({ callers }) => callers?.names.join() ?? '',
  );
}

interface ClustersOfBoth {
  readonly names: readonly string[];
  readonly both: ReadonlyArray<readonly [Cluster, Cluster]>;
  readonly changes: readonly Change[];
}

function clustersOf({ mesh: before }: State, { mesh: after }: State): ClustersOfBoth {
  const names = [...new Set([...before.clusters.keys(), ...after.clusters.keys()])];
  const pairs = names.map((name) => ({ name, was: before.clusters.get(name), is: after.clusters.get(name) }));
  return {
    names,
    both: pairs.flatMap(({ was, is }) => (was && is ? [[was.cluster, is.cluster] as const] : [])),
    changes: pairs.flatMap(({ name, was, is }): readonly Change[] => {
      if (was && is) return [];
      const place: Place = { kind: 'cluster', cluster: name, name };
      const where = was === undefined ? { is: 'there' } : { was: 'there' };
      const [settings] = [is ?? was].flatMap((each) => each?.cluster.settings ?? []);
      const cause: Cause = {
        side: was === undefined ? 'after' : 'before',
        change: was === undefined ? 'added' : 'removed',
        what: `cluster ${name}`,
        span: settings?.span ?? null,
        intents: [],
      };
      return [{ kind: 'cluster-on-one-side', cluster: name, place, ...where, causes: [cause], others: [] }];
    }),
  };
}
