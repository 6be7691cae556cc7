import { accountOf, principalOf } from '../mesh/identity.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Matcher, matches } from '../mesh/policies/matcher.js';
import { describeSource } from '../mesh/request.js';
import type { Attribute } from '../mesh/view.js';
import { oncePer } from '../util/once.js';
import { groupBy } from '../util/order.js';
import {
  accountOfCaller,
  type CallerClass,
  type Callers,
  callersAmong,
  classesOf,
  classOf,
  type KnownCallers,
  travelKey,
} from './callers.js';
import { describedAccounts } from './described.js';
import { waypointAccounts } from './future-callers.js';
import { isNobody, type Mentions, nobody } from './mentions.js';

/** Everybody who can call, indexed, so that a comparison may take one caller of each class that it can tell apart. */
export interface CallerPool {
  /** One caller of each kind that may reach a cluster: enough to find the paths there. */
  scouts(cluster: string): Callers;
  /** One caller of each class that the mentions tell apart, among those who may reach the cluster. */
  representatives(cluster: string, mentions: Mentions): readonly CallerClass[];
  /** The same as the first dimension of a space. */
  callers(cluster: string, mentions: Mentions): Callers;
}

/** Callers of one cluster that speak alike. */
interface Kind {
  readonly first: CallerClass;
  readonly classes: readonly CallerClass[];
  /** By `namespace/name` of the ServiceAccount. */
  readonly byAccount: ReadonlyMap<string, CallerClass>;
  readonly byNamespace: ReadonlyMap<string, readonly CallerClass[]>;
  /** Accounts that somebody of the cluster runs as, whatever it speaks. */
  readonly taken: ReadonlySet<string>;
}

interface PoolOptions {
  /** Whoever compares two meshes may bring classes of its own, and tell more kinds of them apart than one mesh does. */
  readonly classes?: readonly CallerClass[];
  readonly kindOf?: (each: CallerClass) => string;
  readonly known?: KnownCallers;
}

export function callerPool(mesh: Mesh, options: PoolOptions = {}): CallerPool {
  const { known, classes = classesOf(mesh, known), kindOf = kindInMesh } = options;
  const kinds = kindsOf(mesh, classes, kindOf);
  const reaching = oncePer((cluster: string) => kinds.filter(({ first }) => mayReach(mesh, first, cluster)));
  const futureLike = futureWorkloads(mesh, known);
  const chosen = (cluster: string, mentions: Mentions) =>
    reaching(cluster).flatMap((kind) => represent(kind, mentions, futureLike));
  // Most workloads have no rule of their own.
  const unmentioned = oncePer((cluster: string) => chosen(cluster, nobody));
  const representatives = (cluster: string, mentions: Mentions) =>
    isNobody(mentions) ? unmentioned(cluster) : chosen(cluster, mentions);
  const among = oncePer(callersAmong, (classes) =>
    classes.map(({ source, caller }) => `${caller.cluster} ${describeSource(source)}`).join('\n'),
  );
  return {
    scouts: oncePer((cluster: string) => callersAmong(reaching(cluster).map(({ first }) => first))),
    representatives,
    callers: (cluster, mentions) => among(representatives(cluster, mentions)),
  };
}

function kindInMesh({ caller }: CallerClass): string {
  return travelKey(caller);
}

function kindsOf(mesh: Mesh, classes: readonly CallerClass[], kindOf: (each: CallerClass) => string): readonly Kind[] {
  const infrastructure = waypointAccounts(mesh);
  const takenIn = oncePer((cluster: string) => {
    const near = classes.filter(({ caller }) => (caller.cluster ?? '') === cluster);
    return new Set([...infrastructure, ...near.map(accountOfCaller)]);
  });
  return [...groupBy(classes, kindOf).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    return {
      first,
      classes: alike,
      byAccount: new Map(alike.map((each) => [accountOfCaller(each), each])),
      byNamespace: groupBy(alike, ({ caller }) => caller.namespace ?? ''),
      taken: takenIn(first.caller.cluster ?? ''),
    };
  });
}

/** From other networks nothing arrives that the model could follow. */
function mayReach({ clusters }: Mesh, { caller: { cluster: from } }: CallerClass, to: string): boolean {
  if (from === undefined || from === to) return true;
  const network = (name: string) => clusters.get(name)?.cluster.settings.network;
  return network(from) === network(to);
}

/** Callers without a certificate are alike but for their addresses; the others are named, or one of their namespace or kind. */
function represent(kind: Kind, mentions: Mentions, futureLike: FutureLike): readonly CallerClass[] {
  const { first, byAccount, taken } = kind;
  if (first.caller.identity === null) return representPlaintext(kind, mentions);
  const chosen = new Map<string, CallerClass>();
  const choose = (account: string, each: CallerClass | undefined) => each && chosen.set(account, each);
  for (const account of mentions.accounts) choose(account, byAccount.get(account));
  for (const account of mentions.accounts) if (!taken.has(account)) choose(account, futureLike(first, account));
  const named = new Set(chosen.keys());
  const isOther = (each: CallerClass) => !named.has(accountOfCaller(each));
  const likeness = likenessTo(mentions);
  const others = new Map<string, CallerClass>();
  for (const each of othersAmong(kind, mentions, isOther)) {
    if (!others.has(likeness(each))) others.set(likeness(each), each);
  }
  for (const account of describedAccounts(mentions)) {
    const each = named.has(account) || taken.has(account) ? undefined : futureLike(first, account);
    if (each !== undefined && !others.has(likeness(each))) others.set(likeness(each), each);
  }
  for (const each of others.values()) choose(accountOfCaller(each), each);
  return [...chosen.values()];
}

function representPlaintext({ classes }: Kind, { addresses }: Mentions): readonly CallerClass[] {
  if (addresses && classes.some(({ source }) => source.kind === 'outside')) return classes;
  return [classes.find(({ source }) => source.kind === 'outside' && source.name === 'anyone') ?? classes[0]].flatMap(
    (each) => each ?? [],
  );
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

/** Of those whom nobody names: one of each namespace that is mentioned and one of the rest, or all where patterns tell them apart. */
function othersAmong(
  { classes, byNamespace }: Kind,
  { namespaces, patterns }: Mentions,
  isOther: (each: CallerClass) => boolean,
): readonly CallerClass[] {
  if (patterns.length > 0) return classes.filter(isOther);
  const isElsewhere = (each: CallerClass) => isOther(each) && !namespaces.has(each.caller.namespace ?? '');
  return [
    ...[...namespaces].flatMap((name) => byNamespace.get(name)?.find(isOther) ?? []),
    ...[classes.find(isElsewhere)].flatMap((each) => each ?? []),
  ];
}

/** What of a caller whom nobody names can be told: its namespace if that is mentioned, and the patterns that match it. */
function likenessTo({ namespaces, patterns }: Mentions): (each: CallerClass) => string {
  return ({ caller: { namespace = '', identity } }) => {
    const matching = patterns.map(({ attribute, matcher }) => identity && hits(attribute, matcher, identity));
    return [namespaces.has(namespace) ? namespace : '', ...matching].join('\n');
  };
}

function hits(attribute: Attribute, matcher: Matcher, identity: Parameters<typeof principalOf>[0]): string {
  if (attribute === 'source.namespace') return matches(matcher, identity.namespace);
  return matches(matcher, attribute === 'source.principal' ? principalOf(identity) : accountOf(identity));
}
