import { accountOf, type Identity, principalOf } from '../mesh/identity.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { sayingOf } from '../mesh/network-policies/policy.js';
import { type Caller, callerOf } from '../mesh/paths/caller.js';
import { outboundKey } from '../mesh/paths/capture.js';
import { hostsOfConnections } from '../mesh/paths/gateway/connections-onward.js';
import { gatewayOf } from '../mesh/paths/gateway/gateway-of.js';
import { type Matcher, matches } from '../mesh/policies/matcher.js';
import { describeSource, type Source } from '../mesh/request.js';
import { labelsAsked } from '../mesh/routes/owner/asked-of-callers.js';
import { type Attribute, see, type View } from '../mesh/view.js';
import { keyOf, type Workload } from '../topology/model.js';
import { asBefore } from '../util/alike.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { once, oncePer, oncePerObject } from '../util/once.js';
import { groupBy, sortBy, sortedUnique } from '../util/order.js';
import { type Bits, bitsOf, none } from './bits.js';
import { matcherKey } from './matcher-key.js';

/** Callers that no enforcement point can tell apart: one plane, one identity. Plaintext callers stay one by one. */
export interface CallerClass {
  readonly caller: Caller;
  /** One of them, to name in a witness. */
  readonly source: Source;
  readonly sources: readonly Source[];
  readonly members: readonly string[];
}

/** `namespace/name` of the ServiceAccount, empty without a certificate. */
export function accountOfCaller({ caller: { identity } }: CallerClass): string {
  return identity === null ? '' : accountOf(identity);
}

/** A class in parts, each of sources of which the key says the same; those of which it says nothing are left out. */
export function splitClass(each: CallerClass, keyOf: (source: Source) => string | undefined): readonly CallerClass[] {
  const keyed = each.sources.flatMap((source, index) => {
    const key = keyOf(source);
    return key === undefined ? [] : [{ key, source, member: each.members[index] ?? '' }];
  });
  return [...groupBy(keyed, ({ key }) => key).values()].flatMap((group) =>
    group.slice(0, 1).map(({ source }) => ({
      ...each,
      source,
      sources: group.map((other) => other.source),
      members: group.map(({ member }) => member),
    })),
  );
}

/** Everybody who can call: the first dimension of every space. */
export interface Callers {
  readonly classes: readonly CallerClass[];
  /** By `namespace/name` of the ServiceAccount they show, and by its namespace: their indexes. */
  readonly byAccount: (account: string) => readonly number[];
  readonly byNamespace: (namespace: string) => readonly number[];
  /** Who satisfies a matcher on an attribute of the caller's own certificate, for certain and perhaps. */
  matching(attribute: Attribute, matcher: Matcher): Matching;
  /** By how they travel: cluster, plane and trust domain, and the namespace as well where a path may depend on it. */
  readonly kinds: readonly CallerKind[];
  readonly kindsByNamespace: readonly CallerKind[];
}

/** Callers whose requests take the same path, and one of them. */
export interface CallerKind {
  readonly callers: Bits;
  readonly representative: CallerClass;
}

interface Matching {
  readonly surely: Bits;
  readonly possibly: Bits;
}

/** Who can call in a mesh: its workloads and gateways, the callers that its settings name, and anyone outside. */
export function callersOf(mesh: Mesh): Callers {
  return callersAmong(classesOf(mesh));
}

/** Some classes as the first dimension of a space: all that there are, or one for each that a comparison tells apart. */
export function callersAmong(classes: readonly CallerClass[]): Callers {
  const matching = new Map<string, Matching>();
  const valuesBy = oncePer((attribute: Attribute) => indexBy(classes, attribute));
  const accounts = once(() => placesBy(classes, accountOf));
  const byNamespace = once(() => kindsOf(classes, (caller) => `${travelKey(caller)}\n${caller.namespace ?? ''}`));
  const namespaces = once(() => placesBy(classes, ({ namespace }) => namespace));
  return {
    classes,
    byAccount: (account) => accounts().get(account) ?? [],
    byNamespace: (namespace) => namespaces().get(namespace) ?? [],
    kinds: kindsOf(classes, travelKey),
    get kindsByNamespace() {
      return byNamespace();
    },
    matching(attribute, matcher) {
      const key = `${attribute} ${matcherKey(matcher)}`;
      const result = matching.get(key) ?? search(valuesBy(attribute), matcher);
      matching.set(key, result);
      return result;
    },
  };
}

/** Where those are who show a certificate, by something that it says. */
function placesBy(
  classes: readonly CallerClass[],
  said: (identity: Identity) => string,
): ReadonlyMap<string, readonly number[]> {
  const shown = classes.flatMap(({ caller: { identity } }, index) =>
    identity === null ? [] : [{ text: said(identity), index }],
  );
  const groups = groupBy(shown, ({ text }) => text);
  return new Map([...groups].map(([text, group]) => [text, group.map(({ index }) => index)]));
}

/** An exact value is looked up; any other matcher is tried on every distinct value once. */
function search(values: ReadonlyMap<string, Bits>, matcher: Matcher): Matching {
  if (matcher.kind === 'exact' && !matcher.ignoreCase) {
    const found = values.get(matcher.value) ?? none;
    return { surely: found, possibly: found };
  }
  let [surely, possibly] = [none, none];
  for (const [value, bits] of values) {
    const truth = matches(matcher, value);
    if (truth === 'yes') surely |= bits;
    if (truth !== 'no') possibly |= bits;
  }
  return { surely, possibly };
}

function indexBy(classes: readonly CallerClass[], attribute: Attribute): ReadonlyMap<string, Bits> {
  const entries = classes.flatMap(({ caller }, index) => {
    const seen = see(bareView(caller), attribute);
    return seen.known ? seen.value.map((value) => ({ value, index })) : [];
  });
  const groups = groupBy(entries, ({ value }) => value);
  return new Map([...groups].map(([value, group]) => [value, bitsOf(group.map(({ index }) => index))]));
}

function bareView({ identity, ip }: Caller): View {
  return {
    principal: { known: true, value: identity },
    sourceIp: ip,
    remoteIp: ip,
    destinationIp: { known: false, why: 'no destination' },
    destinationPort: 0,
    serverName: { known: false, why: 'no destination' },
    http: undefined,
  };
}

/** What earlier runs know of callers, and what is around them all, which is one object for as long as it is the same. */
export interface KnownCallers {
  readonly recall: Recall;
  readonly environment: unknown;
}

const nobodyKnown: KnownCallers = { recall: computeAnew, environment: undefined };

/** Everybody who can call, those of one plane and identity together, in order of cluster, plane and name. */
export function classesOf(mesh: Mesh, known = nobodyKnown): readonly CallerClass[] {
  const callers = sourcesOf(mesh).flatMap((source) => classOf(mesh, source, known) ?? []);
  const groups = groupBy(sortBy(callers, classKey), classKey);
  return [...groups].flatMap(([key, group]) => {
    const [first, ...others] = group;
    if (first === undefined || others.length === 0) return first ?? [];
    return known.recall('callers', key, group, () => {
      const sources = group.map(({ source }) => source);
      return { ...first, sources, members: sources.map(describeSource) };
    });
  });
}

/** One source by itself, if it can call. */
export function classOf(mesh: Mesh, source: Source, { recall, environment } = nobodyKnown): CallerClass | undefined {
  const name = describeSource(source);
  const of = `${clusterOf(source)} ${name}`;
  return recall('caller', of, [environment, ...Object.values(source), ...standingOf(mesh, source)], () => {
    const caller = callerOf(mesh, source);
    if (caller.kind !== 'caller') return undefined;
    const { gateway, partlyCaptured, scopes = [], networkPolicies = [] } = caller;
    const objects = [gateway, partlyCaptured, ...scopes, ...networkPolicies];
    return asBefore(recall, 'who a caller is', of, objects, { caller, source, sources: [source], members: [name] });
  });
}

function clusterOf(source: Source): string {
  return source.kind === 'outside' ? '' : source.cluster;
}

/** What of a mesh decides who one source is, but for what is around all of them. */
function standingOf({ clusters }: Mesh, source: Source): readonly unknown[] {
  const at = clusters.get(clusterOf(source));
  if (at === undefined) return [];
  const { workloads, gateways, namespaces } = at.cluster;
  const gateway = source.kind === 'gateway' ? gateways.get(source.gateway) : undefined;
  const workload = source.kind === 'workload' ? workloads.get(source.workload) : undefined;
  const home = source.kind === 'future' ? source.namespace : (gateway ?? workload)?.namespace;
  const connectionsTo = gateway && hostsOfConnections(at, gateway)?.join();
  const around = [namespaces.get(home ?? ''), namespaces.get(at.rootNamespace), labelsAskedIn(at)];
  return [gateway, workload, connectionsTo, ...around];
}

/** The labels by which somebody tells the callers of a cluster apart, as one text. */
export const labelsAskedIn = oncePerObject((at: MeshCluster) => sortedUnique(labelsAsked(at)).join());

function kindsOf(classes: readonly CallerClass[], key: (caller: Caller) => string): readonly CallerKind[] {
  const groups = groupBy(classes.entries(), ([, { caller }]) => key(caller));
  return [...groups.values()].flatMap((group) => {
    const callers = bitsOf(group.map(([index]) => index));
    return group.slice(0, 1).map(([, representative]) => ({ callers, representative }));
  });
}

/**
 * What a caller's path depends on, wherever it calls: where it is, what it speaks, and who vouches for it. All that a Sidecar
 * imports is part of it, and it is asked of the same callers for every way. Whom NetworkPolicies let in is a matter of each way.
 */
export const travelKey = oncePerObject(({ cluster = '', speaks, identity, pods, ...proxy }: Caller): string =>
  [cluster, speaks, identity?.trustDomain ?? '', pods?.onNode === true, ...proxyKey(proxy)].join('\n'),
);

/** The same as one text. */
export const proxyText = oncePerObject((caller: Caller): string => proxyKey(caller).join(' '));

/** What of a caller's proxy is not as it is by default. */
export function proxyKey({
  partlyCaptured,
  scopes = [],
  doubts = [],
  labels = {},
  networkPolicies = [],
  sendsByRevision,
  connectionsTo,
  pods,
}: Pick<
  Caller,
  'partlyCaptured' | 'scopes' | 'doubts' | 'labels' | 'networkPolicies' | 'sendsByRevision' | 'connectionsTo' | 'pods'
>): readonly string[] {
  return [
    ...(pods === undefined ? [] : [pods.asked]),
    ...sortedUnique(networkPolicies.map(sayingOf)),
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ...scopes.map(({ key }) => key),
    ...(partlyCaptured === undefined ? [] : [outboundKey(partlyCaptured)]),
    ...(sendsByRevision === undefined ? [] : [`sends by revision ${sendsByRevision}`]),
    ...(connectionsTo === undefined ? [] : [`connections to ${connectionsTo.join()}`]),
    ...doubts.map(({ what, ports = [] }) => `${what} ${ports.join()}`),
  ];
}

const classKey = oncePerObject(({ source, caller }: CallerClass): string => {
  const { speaks, cluster = '', identity, ...proxy } = caller;
  const who = identity === null ? `${source.kind} ${describeSource(source)}` : principalOf(identity);
  return [cluster, speaks, who, ...proxyKey(proxy)].join('\n');
});

function sourcesOf({ topology, clusters }: Mesh): readonly Source[] {
  const inside = [...clusters].flatMap(([cluster, at]): readonly Source[] => {
    const { workloads, gateways } = at.cluster;
    const own = [...workloads].filter(([, workload]) => !isPartOfGateway(at, workload));
    return [
      ...own.map(([workload]) => ({ kind: 'workload', cluster, workload }) as const),
      ...[...gateways.keys()].map((gateway) => ({ kind: 'gateway', cluster, gateway }) as const),
    ];
  });
  const named = topology.mesh.callers.map(({ name }) => ({ kind: 'outside', name }) as const);
  return [...inside, ...named, { kind: 'outside', name: 'anyone' }];
}

/** The pods that a Gateway object has call as that gateway, and as nobody else. */
function isPartOfGateway(at: MeshCluster, workload: Workload): boolean {
  const gateway = workload.mode.plane === 'gateway' ? gatewayOf(at, workload) : undefined;
  return gateway !== undefined && keyOf(gateway) !== keyOf(workload);
}
