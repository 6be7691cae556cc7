import { accountOf, principalOf } from '../mesh/identity.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { type Admission, standingBy } from '../mesh/network-policies/admission.js';
import type { Caller } from '../mesh/paths/caller.js';
import { type Matcher, matches } from '../mesh/policies/matcher.js';
import { describeSource } from '../mesh/request.js';
import type { Attribute } from '../mesh/view.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { groupBy, sortedUnique } from '../util/order.js';
import {
  accountOfCaller,
  type CallerClass,
  type Callers,
  callersAmong,
  classesOf,
  classOf,
  type KnownCallers,
  labelsAskedIn,
  travelKey,
} from './callers.js';
import { describedAccounts } from './described.js';
import { waypointAccounts } from './future-callers.js';
import { matcherKey } from './matcher-key.js';
import type { Mentions } from './mentions.js';

/** Everybody who can call, indexed, so that a comparison may take one caller of each class that it can tell apart. */
export interface CallerPool {
  /** One caller of each kind that may reach a cluster: enough to find the paths there. */
  scouts(cluster: string): Callers;
  /** One caller of each class that the mentions tell apart, among those who may reach the cluster. */
  representatives(cluster: string, mentions: Mentions): readonly CallerClass[];
  /** The same as the first dimension of a space. */
  callers(cluster: string, mentions: Mentions): Callers;
}

/** A pool that tells its callers from those of another state of the mesh. */
export interface ComparablePool extends CallerPool {
  /** What the mentions tell of each representative: whoever is told the same, here or there, is like it to them. */
  toldApart(cluster: string, mentions: Mentions): readonly unknown[];
}

/** One caller, taken for all of whom the same is told. */
interface Representative {
  readonly each: CallerClass;
  readonly told: unknown;
}

/** Callers of one cluster that speak alike: one object for as long as they are the very same. */
interface Kind {
  readonly name: string;
  readonly first: CallerClass;
  readonly classes: readonly CallerClass[];
  /** By `namespace/name` of the ServiceAccount: several where NetworkPolicies may tell its pods apart. */
  readonly byAccount: ReadonlyMap<string, readonly CallerClass[]>;
  readonly byNamespace: ReadonlyMap<string, readonly CallerClass[]>;
  /** Those with a certificate whom mentions tell apart. */
  chosen(mentions: Mentions): Chosen;
}

/** Some of a kind, each by all that can be told of it. */
interface Chosen {
  /** Of accounts that are named, each by itself. */
  readonly named: readonly Representative[];
  /** One of each likeness. */
  readonly others: ReadonlyMap<string, Representative>;
}

interface PoolOptions {
  /** Whoever compares two meshes may bring classes of its own, and tell more kinds of them apart than one mesh does. */
  readonly classes?: readonly CallerClass[];
  readonly kindOf?: (each: CallerClass) => string;
  /** A caller as it is in the mesh of a cluster. */
  readonly callerIn?: (each: CallerClass, at: MeshCluster) => Caller;
  readonly known?: KnownCallers;
}

export function callerPool(mesh: Mesh, options: PoolOptions = {}): ComparablePool {
  const { known, classes = classesOf(mesh, known), kindOf = kindInMesh, callerIn = itself } = options;
  const kinds = kindsOf(classes, { kindOf, callerIn, recall: known?.recall ?? computeAnew });
  const takenIn = accountsTaken(mesh, classes);
  const reaching = oncePer((cluster: string) => kinds.filter(({ first }) => mayReach(mesh, first, cluster)));
  const futureLike = futureWorkloads(mesh, known);
  const chosen = (cluster: string, mentions: Mentions) =>
    reaching(cluster).flatMap((kind) => represent(kind, mentions, { futureLike, callerIn, takenIn }));
  // Most workloads have no rule of their own, and several ways to one tell the same callers apart.
  const chosenIn = oncePer((cluster: string) =>
    oncePer(oncePer((mentions: Mentions) => chosen(cluster, mentions), saidBy)),
  );
  const classesIn = oncePerObject((all: readonly Representative[]) => all.map(({ each }) => each));
  const toldIn = oncePerObject((all: readonly Representative[]) => all.map(({ told }) => told));
  const representatives = (cluster: string, mentions: Mentions) => classesIn(chosenIn(cluster)(mentions));
  const among = oncePer(callersAmong, (classes) =>
    classes.map(({ source, caller }) => `${caller.cluster} ${describeSource(source)}`).join('\n'),
  );
  return {
    scouts: oncePer((cluster: string) => callersAmong(reaching(cluster).map(({ first }) => first))),
    representatives,
    toldApart: (cluster, mentions) => toldIn(chosenIn(cluster)(mentions)),
    callers: (cluster, mentions) => among(representatives(cluster, mentions)),
  };
}

/** The same pool for as long as the same callers are in a mesh, and whoever may come there would be the same. */
export function poolAsBefore(mesh: Mesh, known: KnownCallers): ComparablePool {
  const { recall, environment } = known;
  const clusters = [...mesh.clusters.values()];
  const homes = clusters.flatMap((at) => [at.cluster.namespaces, labelsAskedIn(at)]);
  const standing = clusters.flatMap(({ cluster: { workloads, services, gateways } }) => [
    workloads,
    services,
    gateways,
  ]);
  const classes = recall('who calls', '', [environment, ...homes, ...standing], () => classesOf(mesh, known));
  const inputs = [environment, ...homes, [...waypointAccounts(mesh)].join(), ...classes];
  return recall('callers', '', inputs, () => callerPool(mesh, { known, classes }));
}

/** Of a pool those alone who travel as some of its callers do. */
export function poolOfKinds(pool: CallerPool, callers: readonly CallerClass[]): CallerPool {
  return poolsOf(pool)(new Set(callers.map(kindInMesh)));
}

const poolsOf = oncePerObject((pool: CallerPool) =>
  oncePer(
    (kinds: ReadonlySet<string>): CallerPool => {
      const among = (classes: readonly CallerClass[]) => classes.filter((each) => kinds.has(kindInMesh(each)));
      return {
        scouts: oncePer((cluster: string) => callersAmong(among(pool.scouts(cluster).classes))),
        representatives: (cluster, mentions) => among(pool.representatives(cluster, mentions)),
        callers: (cluster, mentions) => callersAmong(among(pool.representatives(cluster, mentions))),
      };
    },
    (kinds) => sortedUnique(kinds).join('\n\n'),
  ),
);

/** The same text for mentions that say the same in the same order. */
const saidBy = oncePerObject(({ accounts, namespaces, addresses, patterns, admissions }: Mentions): string =>
  JSON.stringify([
    [...accounts],
    [...namespaces],
    addresses,
    patterns.map(({ attribute, matcher }) => [attribute, matcherKey(matcher)]),
    [...admissions].map(numberOf),
  ]),
);

let admissionsKnown = 0;
const numberOf = oncePerObject((_: Admission) => admissionsKnown++);

function kindInMesh({ caller }: CallerClass): string {
  return travelKey(caller);
}

function itself({ caller }: CallerClass): Caller {
  return caller;
}

interface Sorting extends Required<Pick<PoolOptions, 'kindOf' | 'callerIn'>> {
  readonly recall: Recall;
}

function kindsOf(classes: readonly CallerClass[], { kindOf, callerIn, recall }: Sorting): readonly Kind[] {
  return [...groupBy(classes, kindOf)].flatMap(([name, alike]) => {
    const [first] = alike;
    if (first === undefined) return [];
    return recall('callers who are', name, alike, () => {
      const byAccount = groupBy(alike, accountOfCaller);
      const byNamespace = groupBy(alike, ({ caller }) => caller.namespace ?? '');
      const kind = { name, first, classes: alike, byAccount, byNamespace };
      return { ...kind, chosen: oncePer((mentions: Mentions) => choose(kind, mentions, callerIn), saidBy) };
    });
  });
}

/** The accounts that somebody of a cluster runs as, whatever it speaks. */
function accountsTaken(mesh: Mesh, classes: readonly CallerClass[]): (cluster: string) => ReadonlySet<string> {
  const infrastructure = waypointAccounts(mesh);
  return oncePer((cluster: string) => {
    const near = classes.filter(({ caller }) => (caller.cluster ?? '') === cluster);
    return new Set([...infrastructure, ...near.map(accountOfCaller)]);
  });
}

/** From other networks nothing arrives that the model could follow. */
function mayReach({ clusters }: Mesh, { caller: { cluster: from } }: CallerClass, to: string): boolean {
  if (from === undefined || from === to) return true;
  const network = (name: string) => clusters.get(name)?.cluster.settings.network;
  return network(from) === network(to);
}

/** What it takes to choose among callers of a kind. */
interface Choosing {
  readonly futureLike: FutureLike;
  readonly takenIn: (cluster: string) => ReadonlySet<string>;
  readonly callerIn: (each: CallerClass, at: MeshCluster) => Caller;
}

/** Those there are, and where nobody is whom the mentions tell from all others, one who may come. */
function represent(
  kind: Kind,
  mentions: Mentions,
  { futureLike, takenIn, callerIn }: Choosing,
): readonly Representative[] {
  const { first } = kind;
  const told = toldOfOthers(kind, mentions);
  const standing = standingBy(mentions.admissions, callerIn);
  if (first.caller.identity === null)
    return representPlaintext(kind, mentions, standing).map((each) => ({ each, told: told(each) }));
  const { named, others } = kind.chosen(mentions);
  const taken = takenIn(first.caller.cluster ?? '');
  const comers = [...mentions.accounts].flatMap((account) => {
    const each = taken.has(account) ? undefined : futureLike(first, account);
    return each === undefined ? [] : [{ each, told: each }];
  });
  const likeness = likenessTo(mentions, standing);
  const otherComers = new Map<string, Representative>();
  for (const account of describedAccounts(mentions)) {
    if (mentions.accounts.has(account) || taken.has(account)) continue;
    const each = futureLike(first, account);
    if (each === undefined || others.has(likeness(each)) || otherComers.has(likeness(each))) continue;
    otherComers.set(likeness(each), { each, told: told(each) });
  }
  return [...named, ...comers, ...others.values(), ...otherComers.values()];
}

/** Callers without a certificate are alike but for their addresses; the others are named, or one of their namespace or kind. */
function choose(kind: Omit<Kind, 'chosen'>, mentions: Mentions, callerIn: Choosing['callerIn']): Chosen {
  const { byAccount } = kind;
  const standing = standingBy(mentions.admissions, callerIn);
  const told = toldOfOthers(kind, mentions);
  const called = [...mentions.accounts].flatMap((account) => byAccount.get(account) ?? []);
  const named = new Map(
    called.map((each) => [`${accountOfCaller(each)}\n${standing(each)}`, { each, told: each }] as const),
  );
  const isCalled = new Set(called);
  const likeness = likenessTo(mentions, standing);
  const others = new Map<string, Representative>();
  for (const each of othersAmong(kind, mentions, (other) => !isCalled.has(other))) {
    const key = likeness(each);
    if (!others.has(key)) others.set(key, { each, told: told(each) });
  }
  return { named: [...named.values()], others };
}

/** Of those whom nobody names: how they speak and where they are, unless addresses, patterns or NetworkPolicies tell more of them. */
function toldOfOthers({ name }: Pick<Kind, 'name'>, mentions: Mentions): (each: CallerClass) => unknown {
  const { addresses, namespaces, patterns, admissions } = mentions;
  if (addresses || patterns.length + admissions.size > 0) return (each) => each;
  return ({ source, caller: { namespace = '' } }) =>
    `${name}\n${source.kind}\n${namespaces.has(namespace) ? namespace : ''}`;
}

/** Whom a caller is to the NetworkPolicies that are asked about it. */
type Standing = (each: CallerClass) => string;

function representPlaintext({ classes }: Kind, { addresses }: Mentions, standing: Standing): readonly CallerClass[] {
  if (addresses && classes.some(({ source }) => source.kind === 'outside')) return classes;
  const isAnyone = ({ source }: CallerClass) => source.kind === 'outside' && source.name === 'anyone';
  return [...groupBy(classes, standing).values()].flatMap((alike) => alike.find(isAnyone) ?? alike.slice(0, 1));
}

/** Somebody new with an account who speaks as another does; gateways are all among the manifests. */
type FutureLike = (like: CallerClass, account: string) => CallerClass | undefined;

function futureWorkloads(mesh: Mesh, known: KnownCallers | undefined): FutureLike {
  const speaking = oncePer((cluster: string) =>
    oncePer((speaks: 'ambient' | 'sidecar') =>
      oncePer((account: string) => {
        const [namespace = '', serviceAccount = ''] = account.split('/');
        return { caller: classOf(mesh, { kind: 'future', cluster, speaks, namespace, serviceAccount }, known) };
      }),
    ),
  );
  return ({ caller: { cluster, speaks } }, account) => {
    if (cluster === undefined || (speaks !== 'ambient' && speaks !== 'sidecar')) return undefined;
    return speaking(cluster)(speaks)(account).caller;
  };
}

/**
 * Of those whom nobody names: one of each namespace that is mentioned and one of the rest, or all where patterns or
 * NetworkPolicies tell them apart.
 */
function othersAmong(
  { classes, byNamespace }: Pick<Kind, 'classes' | 'byNamespace'>,
  { namespaces, patterns, admissions }: Mentions,
  isOther: (each: CallerClass) => boolean,
): readonly CallerClass[] {
  if (patterns.length + admissions.size > 0) return classes.filter(isOther);
  const isElsewhere = (each: CallerClass) => isOther(each) && !namespaces.has(each.caller.namespace ?? '');
  return [
    ...[...namespaces].flatMap((name) => byNamespace.get(name)?.find(isOther) ?? []),
    ...[classes.find(isElsewhere)].flatMap((each) => each ?? []),
  ];
}

/** What of a caller whom nobody names can be told: its namespace if that is mentioned, and what matches it. */
function likenessTo({ namespaces, patterns }: Mentions, standing: Standing): (each: CallerClass) => string {
  return (each) => {
    const { namespace = '', identity } = each.caller;
    const matching = patterns.map(({ attribute, matcher }) => identity && hits(attribute, matcher, identity));
    return `${namespaces.has(namespace) ? namespace : ''}\n${matching.join('\n')}\n${standing(each)}`;
  };
}

function hits(attribute: Attribute, matcher: Matcher, identity: Parameters<typeof principalOf>[0]): string {
  if (attribute === 'source.namespace') return matches(matcher, identity.namespace);
  return matches(matcher, attribute === 'source.principal' ? principalOf(identity) : accountOf(identity));
}
