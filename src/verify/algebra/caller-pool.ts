import { groupBy } from '../../util/order.js';
import { callerOf } from '../caller.js';
import { principalOf } from '../identity.js';
import { type Matcher, matches } from '../matcher.js';
import type { Mesh } from '../mesh.js';
import { describeSource, type Stranger } from '../request.js';
import type { Attribute } from '../view.js';
import { type CallerClass, type Callers, callersAmong, classesOf, travelKey } from './callers.js';
import type { Mentions } from './mentions.js';

/** Everybody who can call, indexed, so that a comparison may take one caller of each class that it can tell apart. */
export interface CallerPool {
  /** One caller of each kind that may reach a cluster: enough to find the paths there. */
  scouts(cluster: string): Callers;
  /** One caller of each class that the mentions tell apart, among those who may reach the cluster. */
  representatives(cluster: string, mentions: Mentions): Callers;
}

/** Callers of one cluster that speak alike. */
interface Kind {
  readonly classes: readonly CallerClass[];
  /** By `namespace/name` of the ServiceAccount. */
  readonly byAccount: ReadonlyMap<string, CallerClass>;
  readonly byNamespace: ReadonlyMap<string, readonly CallerClass[]>;
}

export function callerPool(mesh: Mesh): CallerPool {
  const kinds = [...groupBy(classesOf(mesh), ({ caller }) => travelKey(caller)).values()].map(kindOf);
  const infrastructure = waypointAccounts(mesh);
  const reaching = memoize((cluster: string) => kinds.filter(({ classes: [first] }) => mayReach(mesh, first, cluster)));
  const known = new Map<string, Callers>();
  /** Accounts that are named and that nobody runs as where a kind of callers is. */
  const vacantIn = ({ classes: [first] }: Kind, { accounts }: Mentions) => {
    const near = kinds.filter(({ classes: [other] }) => other?.caller.cluster === first?.caller.cluster);
    return [...accounts].filter(
      (account) => !infrastructure.has(account) && !near.some(({ byAccount }) => byAccount.has(account)),
    );
  };
  return {
    scouts: memoize((cluster) => callersAmong(reaching(cluster).flatMap(({ classes }) => classes.slice(0, 1)))),
    representatives(cluster, mentions) {
      const classes = reaching(cluster).flatMap((kind) => represent(mesh, kind, mentions, vacantIn(kind, mentions)));
      const key = classes.map(({ source, caller }) => `${caller.cluster} ${describeSource(source)}`).join('\n');
      const callers = known.get(key) ?? callersAmong(classes);
      known.set(key, callers);
      return callers;
    },
  };
}

function kindOf(classes: readonly CallerClass[]): Kind {
  return {
    classes,
    byAccount: new Map(classes.flatMap((each) => [[accountOf(each), each] as const])),
    byNamespace: groupBy(classes, ({ caller }) => caller.namespace ?? ''),
  };
}

function accountOf({ caller: { identity } }: CallerClass): string {
  return identity === null ? '' : `${identity.namespace}/${identity.serviceAccount}`;
}

/** Nobody but a waypoint runs as its ServiceAccount: a workload that does is among the manifests, and is found there. */
function waypointAccounts({ clusters }: Mesh): ReadonlySet<string> {
  const waypoints = [...clusters.values()].flatMap(({ cluster }) => [...cluster.waypoints.values()]);
  return new Set(waypoints.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`));
}

/** From other networks nothing arrives that the model could follow. */
function mayReach({ clusters }: Mesh, first: CallerClass | undefined, to: string): boolean {
  const from = first?.caller.cluster;
  if (from === undefined || from === to) return true;
  const network = (name: string) => clusters.get(name)?.cluster.settings.network;
  return network(from) === network(to);
}

/** Callers without a certificate are alike but for their addresses; the others are named, or one of their namespace or kind. */
function represent(mesh: Mesh, kind: Kind, mentions: Mentions, vacant: readonly string[]): readonly CallerClass[] {
  const [first] = kind.classes;
  if (first === undefined) return [];
  if (first.caller.identity === null) return representPlaintext(kind, mentions);
  const named = [
    ...[...mentions.accounts].flatMap((account) => kind.byAccount.get(account) ?? []),
    ...vacant.flatMap((account) => newcomer(mesh, first, account)),
  ];
  const chosen = new Set(named.map(accountOf));
  const isOther = (each: CallerClass) => !chosen.has(accountOf(each));
  const ofNamespaces = [...mentions.namespaces].flatMap(
    (name) => kind.byNamespace.get(name)?.find(isOther) ?? newcomer(mesh, first, `${name}/any-other`),
  );
  const rest = (classes: readonly CallerClass[]) =>
    classes.find((each) => isOther(each) && !mentions.namespaces.has(each.caller.namespace ?? ''));
  const others = alike(kind.classes, mentions.patterns).flatMap((group) => rest(group) ?? []);
  const anyone = others.length > 0 ? others : newcomer(mesh, first, 'any-other/any-other');
  return [...new Map([...named, ...ofNamespaces, ...anyone].map((each) => [accountOf(each), each])).values()];
}

function representPlaintext({ classes }: Kind, { addresses }: Mentions): readonly CallerClass[] {
  if (addresses && classes.some(({ source }) => source.kind === 'outside')) return classes;
  return [classes.find(({ source }) => source.kind === 'outside' && source.name === 'anyone') ?? classes[0]].flatMap(
    (each) => each ?? [],
  );
}

/** A workload that nobody has deployed yet; gateways are all among the manifests. */
function newcomer(mesh: Mesh, { caller: { cluster, speaks } }: CallerClass, account: string): readonly CallerClass[] {
  if (cluster === undefined || (speaks !== 'ambient' && speaks !== 'sidecar')) return [];
  const [namespace = '', serviceAccount = ''] = account.split('/');
  const source: Stranger = { kind: 'stranger', cluster, speaks, namespace, serviceAccount };
  const caller = callerOf(mesh, source);
  return caller.kind === 'caller' ? [{ caller, source, sources: [source], members: [describeSource(source)] }] : [];
}

/** Classes that the same patterns match. */
function alike(classes: readonly CallerClass[], patterns: Mentions['patterns']): ReadonlyArray<readonly CallerClass[]> {
  if (patterns.length === 0) return [classes];
  const groups = groupBy(classes, ({ caller: { identity } }) =>
    patterns.map(({ attribute, matcher }) => identity && hits(attribute, matcher, identity)).join(),
  );
  return [...groups.values()];
}

function hits(attribute: Attribute, matcher: Matcher, identity: Parameters<typeof principalOf>[0]): string {
  const { namespace, serviceAccount } = identity;
  if (attribute === 'source.namespace') return matches(matcher, namespace);
  return matches(matcher, attribute === 'source.principal' ? principalOf(identity) : `${namespace}/${serviceAccount}`);
}

function memoize<V>(compute: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
