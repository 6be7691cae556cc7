import { type Cluster, keyOf, type Service, type Workload } from '../topology/model.js';
import type { CallerPool } from './algebra/caller-pool.js';
import type { CallerClass } from './algebra/callers.js';
import { joinMentions, type Mention, mentionOf, mentionsOfPolicy } from './algebra/mentions.js';
import { type Point, peerAuthenticationAt } from './attach.js';
import type { Alternative, Clause, CompiledPolicy, CompiledRule, Condition } from './compiled.js';
import { type Enforcement, enforcementAt } from './enforcement.js';
import type { EnvoyChain } from './envoy.js';
import { type Demand, type Grant, podPortsOf } from './intents/demands.js';
import { mentionsOfDemand } from './intents/mentions.js';
import type { Matcher } from './matcher.js';
import { inNamespaces, type MeshCluster } from './mesh.js';
import { hasNoSelector } from './peer-authentication.js';
import type { Attribute } from './view.js';

/** A workload as it will be, with what the intents say of it. */
export interface Subject {
  readonly demand: Demand;
  readonly at: MeshCluster;
  readonly workload: Workload;
  /** The cluster as its manifests are given, without what is to be applied. */
  readonly given: Cluster;
}

/**
 * All that a comparison of a workload with its intents looks at, but for names: of two workloads with one key one proof
 * stands for both, because they differ only in what their callers are called. Where names matter in any other way
 * there is no key (`undefined`), and the workload is compared by itself.
 */
export function subjectKey(pool: CallerPool, subject: Subject): string | undefined {
  const { demand, at, workload, given } = subject;
  const grants = [...demand.allow, ...demand.deny, ...demand.plaintext];
  const services = workload.services.flatMap((key) => at.cluster.services.get(key) ?? []);
  if (grants.some(namesMatter) || services.some(({ host }) => at.tlsSettings.has(host))) return undefined;
  if ([workload, ...services, at.cluster.namespaces.get(workload.namespace)].some(hasCanary)) return undefined;
  const enforcements = enforcementsOf(subject, services);
  if (enforcements.some(({ authentication }) => authentication.length > 0)) return undefined;
  const policies = enforcements.flatMap((enforcement) => enforcement.policies);
  const mentions = joinMentions([...policies.map(mentionsOfPolicy), mentionsOfDemand(demand)]);
  const { classes } = pool.representatives(at.cluster.name, mentions);
  const text = [
    clusterText(at),
    workloadText(subject),
    ...services.map((service) => serviceText(at, service, given, demand)),
    ...(['allow', 'deny', 'plaintext'] as const).flatMap((role) =>
      demand[role].map((grant) => `${role} ${grantText(workload, grant)}`),
    ),
    ...enforcements.map(enforcementText),
    ...classes.map((each) => callerText(each, at)),
  ].join('\n');
  return text.includes(unshared) ? undefined : numbered(text);
}

/** Waivers, and identities that are shared with strangers. */
function namesMatter({ rule: { accept, callers } }: Grant): boolean {
  return accept.length > 0 || callers.some((caller) => caller.kind === 'identities' && caller.strangers.length > 0);
}

function hasCanary(bearer: { readonly labels: Readonly<Record<string, string>> } | undefined): boolean {
  return bearer?.labels['istio.io/use-waypoint-canary'] !== undefined;
}

/** What may be enforced on any way to a workload, at its pods and at the waypoints of its Services. */
function enforcementsOf({ at, workload }: Subject, services: readonly Service[]): readonly Enforcement[] {
  const { plane } = workload.mode;
  const pod: readonly Point[] =
    plane === 'ambient' ? [{ kind: 'ztunnel', workload }] : plane === 'sidecar' ? [{ kind: 'sidecar', workload }] : [];
  const waypoints = [...services, undefined].flatMap((service): readonly Point[] => {
    const { binding } = service ?? workload;
    const waypoint = binding.kind === 'bound' ? at.cluster.waypoints.get(binding.waypoint) : undefined;
    return waypoint === undefined ? [] : [{ kind: 'waypoint', waypoint, service }];
  });
  const chains: readonly EnvoyChain[] = ['http', 'tcp'];
  return [...pod, ...waypoints].flatMap((point) =>
    (point.kind === 'ztunnel' ? chains.slice(1) : chains).map((chain) =>
      enforcementAt({ mesh: at, point, chain, peer: { kind: 'caller' }, port: 0, because: '' }),
    ),
  );
}

/** Two clusters that are set up alike treat a workload alike. */
function clusterText({ cluster: { settings }, trustDomains }: MeshCluster): string {
  const { trustDomain, istio } = settings;
  return JSON.stringify([trustDomain, trustDomains, istio]);
}

function workloadText({ demand, at, workload }: Subject): string {
  const modes = workload.mode.plane === 'sidecar' ? peerAuthenticationAt('sidecar', workload, at) : [];
  return (
    JSON.stringify([
      workload.mode.plane,
      workload.mode.hbone,
      workload.annotations,
      workload.ports,
      demand.defaults.map(({ value }) => value),
      demand.mtls.map(({ value }) => value),
      modes.map((policy) => [
        policy.namespace === at.rootNamespace,
        hasNoSelector(policy),
        policy.mode,
        policy.ports,
        policy.created,
      ]),
      inNamespaces(at.peerAuthentication, at.rootNamespace, workload.namespace).length > 0,
    ]) + bindingText(at, workload)
  );
}

function serviceText(at: MeshCluster, service: Service, given: Cluster, { defaultOf }: Demand): string {
  const shape = ({ hasVip, headless, type, ports }: Service) => [
    hasVip,
    headless,
    type,
    ports.map(({ number, targetPort, transport, layer }) => [number, targetPort, transport, layer]),
  ];
  const before = given.services.get(keyOf(service));
  const parts = [
    shape(service),
    service.ingressUsesWaypoint,
    before && shape(before),
    defaultOf(keyOf(service))?.value,
  ];
  return JSON.stringify(parts) + bindingText(at, service);
}

function bindingText({ cluster }: MeshCluster, { binding }: Service | Workload): string {
  if (binding.kind !== 'bound') return '';
  const waypoint = cluster.waypoints.get(binding.waypoint);
  if (waypoint === undefined) return unshared;
  return `${waypoint.className} ${name(`${waypoint.namespace}/${waypoint.serviceAccount}`)}`;
}

function grantText(workload: Workload, { rule, target }: Grant): string {
  const { named, destination, ports, conditions } = target;
  const which = destination.service === undefined ? -1 : workload.services.indexOf(keyOf(destination.service));
  return [
    named,
    which,
    JSON.stringify(ports?.map((port) => [port.service, podPortsOf(port, destination.service, workload)])),
    JSON.stringify(conditions.map(({ key, header, values }) => [key, header, values.map(({ value }) => value)])),
    ...rule.callers.map((caller) => {
      if (caller.kind === 'identities') return caller.serviceAccounts.map(name).join();
      if (caller.kind === 'namespace') return `in ${name(caller.namespace)}`;
      return caller.kind === 'addresses' ? caller.ipBlocks.join() : caller.kind;
    }),
  ].join(' ');
}

function enforcementText({ severalProviders, notModelled, policies }: Enforcement): string {
  return [severalProviders, notModelled, ...policies.map(policyText)].join(' ');
}

function callerText({ caller: { speaks, cluster, identity }, source }: CallerClass, at: MeshCluster): string {
  const who =
    identity === null ? '' : `${identity.trustDomain} ${name(`${identity.namespace}/${identity.serviceAccount}`)}`;
  return `${source.kind} ${speaks} ${cluster === at.cluster.name ? 'here' : cluster} ${who}`;
}

const known = new WeakMap<CompiledPolicy, string>();

function policyText(policy: CompiledPolicy): string {
  const text = known.get(policy) ?? `${policy.action} ${policy.provider} ${policy.rules.map(ruleText).join('|')}`;
  known.set(policy, text);
  return text;
}

function ruleText({ clauses }: CompiledRule): string {
  return `[${clauses.map(clauseText).join('&')}]`;
}

function clauseText({ alternatives }: Clause): string {
  return `(${alternatives.map(alternativeText).join('/')})`;
}

function alternativeText({ conditions }: Alternative): string {
  return `{${conditions.map(conditionText).join('+')}}`;
}

function conditionText({ attribute, anyOf, noneOf }: Condition): string {
  const text = (matcher: Matcher) => matcherText(attribute, matcher);
  return `${attribute}=${anyOf.map(text).join()}!${noneOf.map(text).join()}`;
}

/** Names of callers may stand for others. What is compared with whole identities in other ways, or with an address of the destination, may not. */
function matcherText(attribute: Attribute, matcher: Matcher): string {
  if (attribute === 'destination.ip') return unshared;
  if (!attribute.startsWith('source.') || attribute === 'source.ip') return JSON.stringify(matcher);
  const mention: Mention = mentionOf(attribute, matcher);
  if (mention.kind === 'pattern') return unshared;
  if (mention.kind === 'nobody') return JSON.stringify(matcher);
  const trustDomain = 'value' in matcher && attribute === 'source.principal' ? matcher.value.split('/')[0] : '';
  return `${mention.kind} ${matcher.kind} ${trustDomain} ${name(mention.name)}`;
}

/** What encloses a name that may stand for any other. No text of a document is put into a key with control characters. */
const [opening, closing] = ['\u0001', '\u0002'];
const unshared = '\u0003';

function name(text: string): string {
  return `${opening}${text}${closing}`;
}

/** Names by the order of their first appearance; an account is numbered within its namespace. */
function numbered(text: string): string {
  const [namespaces, accounts] = [new Map<string, number>(), new Map<string, number>()];
  const [start = '', ...pieces] = text.split(opening);
  const rest = pieces.map((piece) => {
    const [whole = '', after = ''] = piece.split(closing);
    const [namespace = ''] = whole.split('/');
    const number = numberOf(namespaces, namespace);
    return whole === namespace ? `<${number}>${after}` : `<${number}/${numberOf(accounts, whole)}>${after}`;
  });
  return start + rest.join('');
}

function numberOf(numbers: Map<string, number>, text: string): number {
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  return number;
}
