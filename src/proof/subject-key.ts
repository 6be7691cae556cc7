import type { ComparablePool } from '../algebra/caller-pool.js';
import type { Callers } from '../algebra/callers.js';
import { joinMentions, type Mentions, mentionsOfPolicy } from '../algebra/mentions.js';
import { doubtAboutWorkload } from '../mesh/doubts/doubts.js';
import { doubtAboutHost } from '../mesh/doubts/open-hosts.js';
import { doubtAboutNamespace } from '../mesh/doubts/unwatched.js';
import { accountOf } from '../mesh/identity.js';
import { inNamespaces, type MeshCluster } from '../mesh/mesh.js';
import { isOpenWithin } from '../mesh/network-policies/policy.js';
import type { Caller } from '../mesh/paths/caller.js';
import { outboundTo } from '../mesh/paths/outbound.js';
import { listensForRequests } from '../mesh/paths/request-listeners.js';
import { sidecarsOf } from '../mesh/paths/sidecar-scope.js';
import { namespacesTellingApart } from '../mesh/paths/visibility.js';
import { peerAuthenticationAt } from '../mesh/policies/attach.js';
import type { CompiledPolicy } from '../mesh/policies/compiled.js';
import { type Enforcement, enforcementAt } from '../mesh/policies/enforcement.js';
import { hasNoSelector } from '../mesh/policies/peer-authentication.js';
import type { ManifestObject } from '../parse/document.js';
import type { DestinationPort, Caller as MeantCaller } from '../resolve/resolved.js';
import { keyInMesh, keyOf, type Service, type Workload } from '../topology/model.js';
import { allSpeakMutualTls, labelledTlsMode } from '../topology/tls-mode.js';
import { asBefore } from '../util/alike.js';
import type { Recall } from '../util/memory.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { groupBy, sortedUnique } from '../util/order.js';
import { type Demand, podPortsOf } from './intents/demands.js';
import type { Grant } from './intents/grant.js';
import type { Layer } from './intents/layers.js';
import { mentionsOfDemand } from './intents/mentions.js';
import { pointsOf, servicesOf } from './points.js';
import { policyTemplate } from './policy-template.js';
import { isLedTo, routeTemplate } from './route-template.js';
import type { Subject } from './subjects.js';
import { accounts, hasGaps, type NumberOf, namespaces, type Template, unordered, withoutNames } from './template.js';

/** What the comparisons of all workloads have in common. */
export interface Alike {
  readonly pool: ComparablePool;
  readonly isExisting: (object: ManifestObject) => boolean;
  /** Keys are compared where texts have the same numbers. */
  readonly numberOf: NumberOf;
  /** The callers in a cluster of whom a Sidecar resource says what they know: the same list for as long as it holds the same. */
  readonly scopedIn: (cluster: string) => readonly Caller[];
  /** What stands near a workload, one by one: all that what is enforced there is read from, but for callers and routes. */
  readonly nearTo: (subject: Subject) => readonly unknown[];
  readonly recall: Recall;
}

/**
 * All that a comparison of a workload with its intents looks at, but for names and for what is around all workloads: of two
 * workloads with one key in one environment one proof stands for both, because they differ only in what their callers are called. Where names matter in any other way
 * there is no key (`undefined`), and the workload is compared by itself.
 */
export function subjectKey(alike: Alike, subject: Subject): string | undefined {
  const seen = seenAt(alike, subject);
  return seen && keyOfSeen(alike, subject, seen);
}

/** The same where it is known already what is seen there. */
export function keyOfSeen(
  { pool, numberOf, recall }: Alike,
  { at, workload }: Subject,
  { enforced, said, mentions }: Seen,
): string {
  const { name } = at.cluster;
  const callers = pool.representatives(name, mentions);
  return recall('key of', keyInMesh(workload), [enforced, said, numberOf, ...callers], () =>
    withoutNames([...enforced.template, ...said], callers, name, numberOf),
  );
}

/** What is enforced at a workload, what the intents say of it, and which callers either tells apart. */
export interface Seen {
  readonly enforced: Enforced;
  readonly said: Template;
  readonly mentions: Mentions;
  /** Whether more than policies decides on the ways here. */
  readonly isRouted: boolean;
}

export function seenAt(alike: Alike, subject: Subject, routes = routesTo(alike, subject)): Seen | undefined {
  const { isExisting, nearTo, recall, scopedIn } = alike;
  if (routes === undefined) return undefined;
  const { at, demand, workload } = subject;
  const place = keyInMesh(workload);
  const scoped = scopedIn(at.cluster.name);
  // To a future workload existing policies may allow what they like, and of requests to any they may mark what they like.
  const isLeft = demand.isFuture || demand.audited.length > 0;
  const isExcused = (object: ManifestObject) => isLeft && isExisting(object);
  const enforced = recall('what is enforced at', place, [...nearTo(subject), scoped, isLeft, ...routes], () =>
    enforcedAt(subject, { scoped, routes, isExcused, recall }),
  );
  const said = recall('what is said of', place, [demand, workload], () => saidOf(subject, recall));
  if (enforced === undefined || said === undefined) return undefined;
  const mentions = recall('who is told apart at', place, [enforced, demand], () =>
    joinMentions([...enforced.mentions, mentionsOfDemand(demand)]),
  );
  return { enforced, said, mentions, isRouted: routes.some((route) => route !== '') };
}

/**
 * What routes do with requests to the Services of a workload, and what sidecars do that know neither; `undefined` where that, or
 * anything else that decides about it, is asked of the whole cluster.
 */
export function routesTo(
  { scopedIn }: Pick<Alike, 'scopedIn'>,
  { at, workload }: Pick<Subject, 'at' | 'workload'>,
): readonly string[] | undefined {
  const services = servicesOf(at, workload);
  if (isComparedByItself(at, workload, services)) return undefined;
  const routes = services.flatMap((service) => routeTemplate(at, service) ?? []);
  if (routes.length < services.length) return undefined;
  const scoped = scopedIn(at.cluster.name);
  if (scoped.length === 0) return routes;
  const ports = services.flatMap((service) => service.ports);
  return [...routes, ...ports.map(({ number }) => listeningFor(at)(scoped)(number))];
}

/** Whether the sidecars of some callers have a listener for requests to a port, whichever Service makes it be there (T-97). */
const listeningFor = oncePerObject((at: MeshCluster) =>
  oncePerObject((callers: readonly Caller[]) =>
    oncePer((port: number) => JSON.stringify(callers.map((caller) => listensForRequests(at, caller, port)))),
  ),
);

/** Whether what decides about a workload is asked of the whole cluster, or not known. */
function isComparedByItself(at: MeshCluster, workload: Workload, services: readonly Service[]): boolean {
  return (
    !isOpenWithin(at) ||
    isLedTo(at, workload) ||
    services.some((service) => namespacesTellingApart(at, service).length > 0) ||
    [workload, ...services, at.cluster.namespaces.get(workload.namespace)].some(hasCanary) ||
    isInDoubt(at, workload, services)
  );
}

/** What a mesh does at a workload, with places for names; and which callers each policy tells apart. */
interface Enforced {
  readonly template: Template;
  readonly mentions: readonly Mentions[];
}

interface Around {
  readonly scoped: readonly Caller[];
  readonly routes: ReadonlyArray<string | undefined>;
  readonly isExcused: (policy: ManifestObject) => boolean;
  readonly recall: Recall;
}

/**
 * The same object where the same is enforced as before; `undefined` where tokens are asked for, whose names matter, or where
 * anything else has no template.
 */
function enforcedAt(subject: Subject, { scoped, routes, isExcused, recall }: Around): Enforced | undefined {
  const services = servicesOf(subject.at, subject.workload);
  const enforcements = enforcementsOf(subject).map((enforcement) => ({
    ...enforcement,
    policies: distinct(enforcement.policies.map((policy) => ({ policy, template: templateOf(policy, isExcused) }))),
  }));
  if (enforcements.some(({ authentication }) => authentication.length > 0)) return undefined;
  const template = [
    clusterText(subject.at),
    ...workloadTemplate(subject),
    ...services.flatMap((service) => serviceTemplate(subject, service)),
    ...routes,
    ...services.map((service) => JSON.stringify(knownBy(scoped, service))),
    ...enforcements.flatMap(enforcementTemplate),
  ];
  if (hasGaps(template)) return undefined;
  const mentions = enforcements.flatMap(({ policies }) => policies.map(({ policy }) => mentionsOfPolicy(policy)));
  return asBefore(recall, 'enforced at', keyInMesh(subject.workload), [], { template, mentions });
}

/** What the intents say of a workload: the same object where they say the same of it as before. */
function saidOf({ demand, workload }: Subject, recall: Recall): Template | undefined {
  const grants = [...demand.allow, ...demand.deny, ...demand.asked, ...demand.plaintext, ...demand.audited];
  if (grants.some(namesMatter) || demand.defaults.some(isAccepted)) return undefined;
  const settings = JSON.stringify([
    demand.isFuture,
    demand.defaults.map(({ value }) => value),
    demand.mtls.map(({ value }) => value),
    workload.services.map((service) => demand.defaultOf(service)?.value ?? ''),
  ]);
  const template: Template = [
    settings,
    ...demand.layers.flatMap((layer) => layerTemplate(demand, workload, layer)),
    ...(['deny', 'asked', 'plaintext', 'audited'] as const).flatMap((role) => [
      role,
      unordered(demand[role].map((grant) => [...mandateTemplate(demand, grant), ...grantTemplate(workload, grant)])),
    ]),
  ];
  return hasGaps(template) ? undefined : asBefore(recall, 'words on', keyInMesh(workload), [], template);
}

/** Acceptances, identities that are shared with others, callers who are excepted, and patterns of namespaces. */
function namesMatter({ rule }: Grant): boolean {
  return (
    isAccepted(rule) || rule.callers.some((caller) => isShared(caller) || isPattern(caller) || caller.except.length > 0)
  );
}

function isPattern(caller: MeantCaller): boolean {
  return caller.kind === 'namespace' && caller.namespace.includes('*');
}

function isShared(caller: MeantCaller): boolean {
  return caller.kind === 'identities' && caller.sharers.length > 0;
}

function isAccepted({ accept }: Grant['rule'] | Demand['defaults'][number]): boolean {
  return accept.length > 0;
}

function hasCanary(bearer: { readonly labels: Readonly<Record<string, string>> } | undefined): boolean {
  return bearer?.labels['istio.io/use-waypoint-canary'] !== undefined;
}

/** Whether the model does not follow some way to a workload for want of a fact about it, its Services or their waypoints. */
function isInDoubt(at: MeshCluster, workload: Workload, services: readonly Service[]): boolean {
  const isListed = (service: Service) => at.listedEndpoints.some((listed) => listed.service === service);
  const isOtherwise = ({ binding }: Service | Workload) =>
    binding.kind === 'bound' && at.cluster.waypoints.get(binding.waypoint)?.reachedOtherwise !== undefined;
  return (
    doubtAboutNamespace(at, workload.namespace) !== undefined ||
    doubtAboutWorkload(workload, at) !== undefined ||
    services.some((service) => isListed(service) || doubtAboutHost(at.openHosts, service.host) !== undefined) ||
    [workload, ...services].some(isOtherwise)
  );
}

/**
 * What may be enforced on any way to a workload, at its pods and at the waypoints of its Services. What Envoy enforces on a
 * TCP chain follows from what it enforces on an HTTP chain (§2.5), and says nothing more.
 */
function enforcementsOf(subject: Subject): readonly Enforcement[] {
  return pointsOf(subject).map((point) => {
    const chain = point.kind === 'ztunnel' ? 'tcp' : 'http';
    const hop = { point, chain, peer: { kind: 'caller' }, tunnelled: false, port: 0, because: '' } as const;
    return enforcementAt({ mesh: subject.at, ...hop });
  });
}

/** Two clusters that are set up alike treat a workload alike. */
const clusterText = oncePerObject(({ cluster: { settings }, trustDomains }: MeshCluster) => {
  const { open = [], ...istio } = settings.istio;
  return JSON.stringify([settings.trustDomain, trustDomains, istio, open.map(({ what, of }) => [what, of])]);
});

function workloadTemplate({ at, workload }: Subject): Template {
  const modes = workload.mode.plane === 'sidecar' ? peerAuthenticationAt('sidecar', workload, at) : [];
  const text = JSON.stringify([
    workload.mode.plane,
    workload.mode.hbone,
    workload.annotations,
    labelledTlsMode(workload),
    workload.ports,
    workload.mode.plane === 'sidecar' ? sidecarsOf(at, workload).map(({ ingress }) => ingress) : [],
    modes.map((policy) => [
      policy.namespace === at.rootNamespace,
      hasNoSelector(policy),
      policy.mode,
      policy.ports,
      policy.created,
    ]),
    inNamespaces(at.peerAuthentication, at.rootNamespace, workload.namespace).length > 0,
  ]);
  return [text, ...bindingTemplate(at, workload)];
}

function serviceTemplate({ at, given }: Subject, service: Service): Template {
  const before = given.services.get(keyOf(service));
  const [now, then] = [addressText(service), before && addressText(before)];
  const speaks = service.headless ? allSpeakMutualTls(at.cluster, service) : '';
  const text = `${now} ${speaks} ${service.ingressUsesWaypoint} ${then === now ? 'as before' : then}`;
  return [text, ...bindingTemplate(at, service)];
}

/** The scoped callers of a pool, asked for once in each cluster. */
export function scopedCallers(pool: ComparablePool, recall: Recall): Alike['scopedIn'] {
  return oncePer((cluster) => {
    const scoped = scopedAmong(pool.scouts(cluster));
    return recall('scoped callers of', cluster, scoped, () => scoped);
  });
}

/** The callers of whom a Sidecar resource says what they know. */
const scopedAmong = oncePerObject(({ kinds }: Callers): readonly Caller[] =>
  kinds.map(({ representative }) => representative.caller).filter(({ scopes }) => scopes !== undefined),
);

/** What they do with each port of a Service; nothing where there are none. */
function knownBy(callers: readonly Caller[], service: Service): readonly unknown[] {
  if (callers.length === 0) return [];
  return service.ports.map((port) => callers.map((caller) => outboundTo(caller, { ...service, port })));
}

const addressText = oncePerObject(({ hasVip, headless, type, ports }: Service): string =>
  JSON.stringify([
    hasVip,
    headless,
    type,
    ports.map(({ number, targetPort, transport, layer }) => [number, targetPort, transport, layer]),
  ]),
);

function bindingTemplate({ cluster }: MeshCluster, { binding }: Service | Workload): Template {
  if (binding.kind !== 'bound') return [];
  const waypoint = cluster.waypoints.get(binding.waypoint);
  if (waypoint === undefined) return [undefined];
  return [waypoint.className, accounts([accountOf(waypoint)])];
}

/** Layers after the first have defaults of their own; the first one's are those of the workload. */
function layerTemplate(
  demand: Demand,
  workload: Workload,
  { isStricter, allow, defaults, defaultOf }: Layer,
): Template {
  const given = [...defaults, ...workload.services.map(defaultOf)].map((setting) => setting?.value);
  return [
    demand.layers.length === 1 ? 'allow' : `${isStricter ? 'stricter' : 'allow'} ${given.join()}`,
    unordered(allow.map((grant) => [...mandateTemplate(demand, grant), ...grantTemplate(workload, grant)])),
  ];
}

/** Where a rule is a mandate it matters which of the others are narrower. */
function mandateTemplate(demand: Demand, { rule }: Grant): Template {
  return hasMandates(demand) ? [`${rule.scope.kind} ${rule.mandate !== undefined}`] : [];
}

const hasMandates = oncePerObject(({ allow }: Demand) => allow.some(({ rule }) => rule.mandate !== undefined));

function grantTemplate(workload: Workload, { rule, target }: Grant): Template {
  const { named, destination, ports, exceptPorts, conditions } = target;
  const portTemplate = (port: DestinationPort) => [port.service, podPortsOf(port, destination.service, workload)];
  const text = JSON.stringify([
    rule.authorizer,
    rule.pin && [rule.pin.mode, rule.pin.points],
    named,
    destination.service === undefined ? -1 : workload.services.indexOf(keyOf(destination.service)),
    ports?.map(portTemplate),
    exceptPorts.map(portTemplate),
    conditions.map(({ key, name, values, isNegated }) => [key, name, isNegated, values.map(({ value }) => value)]),
  ]);
  return [text, ...callersTemplate(rule.callers)];
}

/** Callers are alternatives to each other, however they are named. */
function callersTemplate(callers: readonly MeantCaller[]): Template {
  const others = callers.flatMap((caller) => {
    if (caller.kind === 'identities' || caller.kind === 'namespace') return [];
    if (caller.kind === 'unidentified') return `${caller.kind} ${caller.isOne}`;
    return caller.kind === 'addresses'
      ? `${caller.plaintext} ${caller.outside} ${caller.ipBlocks} ${caller.exceptBlocks}`
      : caller.kind;
  });
  return [
    sortedUnique(others).join(),
    accounts(callers.flatMap((caller) => (caller.kind === 'identities' ? caller.serviceAccounts : []))),
    namespaces(callers.flatMap((caller) => (caller.kind === 'namespace' ? [caller.namespace] : []))),
  ];
}

function enforcementTemplate({
  refusedProviders,
  doubtfulProviders,
  unaskedProviders,
  notModelled,
  undecided,
  policies,
}: Omit<Enforcement, 'policies'> & { readonly policies: readonly SaidPolicy[] }): Template {
  return [
    `${[...refusedProviders.keys()]} ${[...doubtfulProviders.keys()]} ${[...unaskedProviders]} ${notModelled} ${undecided}`,
    unordered(policies.map(({ template }) => template)),
  ];
}

interface SaidPolicy {
  readonly policy: CompiledPolicy;
  readonly template: Template;
}

/** A policy that says of the same callers what another one says changes nothing beside it. */
function distinct(policies: readonly SaidPolicy[]): readonly SaidPolicy[] {
  if (policies.length < 2) return policies;
  return [...groupBy(policies, ({ template }) => textOf(template)).values()].flatMap((alike) => alike.slice(0, 1));
}

const textOf = oncePerObject((template: Template) => JSON.stringify(template));

function templateOf(policy: CompiledPolicy, isExcused: Around['isExcused']): Template {
  return isExcused(policy.policy.object) ? excusedTemplate(policy) : policyTemplate(policy);
}

const excusedTemplate = oncePerObject((policy: CompiledPolicy): Template => ['excused', ...policyTemplate(policy)]);
