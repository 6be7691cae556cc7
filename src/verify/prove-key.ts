import type { CallerClass, Callers } from './algebra/callers.js';
import { dependsOnNamespace, type Gate, type LanePlan } from './algebra/lane.js';
import { type Mention, mentionOf } from './algebra/mentions.js';
import type { Alternative, Clause, CompiledPolicy, CompiledRule, Condition } from './compiled.js';
import { type Demand, type Grant, speaksOfPort } from './intents/demands.js';
import type { Address } from './intents/situation.js';
import { type Matcher, matches } from './matcher.js';
import type { Mesh } from './mesh.js';
import type { Attribute } from './view.js';

/** All that a comparison looks at. */
export interface Comparison {
  readonly demand: Demand;
  readonly plan: LanePlan;
  readonly address: Address;
  readonly callers: Callers;
  readonly plaintextByDefault: boolean;
}

/**
 * What a comparison is but for names: two lanes of one key differ only in what their callers are called, so that one
 * proof stands for both. Whatever would make names matter has no key (`undefined`) and is compared by itself.
 */
export function comparisonKey(mesh: Mesh, comparison: Comparison): string | undefined {
  const { demand, plan, address, callers, plaintextByDefault } = comparison;
  const grants = [...demand.allow, ...demand.deny, ...demand.plaintext];
  if (dependsOnNamespace(mesh, plan.lane) || grants.some(namesMatter)) return undefined;
  const gates = plan.ways.flatMap((way) => way.gates);
  if (gates.some(({ enforcement }) => enforcement.authentication.length > 0)) return undefined;
  const parts = [
    plan.lane.payload,
    plaintextByDefault,
    demand.workload.mode.plane,
    address.kind === 'pod' ? `pod ${address.isExposed}` : `service ${address.isGiven}`,
    demand.defaults.map(({ value }) => value).join(),
    address.kind === 'service' ? demand.defaultOf(address.service)?.value : '',
    demand.mtls.map(({ value }) => value).join(),
    ...(['allow', 'deny', 'plaintext'] as const).flatMap((role) =>
      demand[role].map((grant) => `${role} ${grantText(comparison, grant)}`),
    ),
    ...plan.ways.map(({ representative, stop, gates: own }) =>
      [callerText(representative, plan.lane), stop?.kind, stop?.because, ...own.map(gateText)].join(' '),
    ),
    ...callers.classes.map((each) => {
      const { identity } = each.caller;
      const who = identity === null ? '' : account(`${identity.namespace}/${identity.serviceAccount}`);
      return `${each.source.kind} ${callerText(each, plan.lane)} ${who}`;
    }),
  ];
  const text = parts.join('\n');
  return text.includes(unshared) ? undefined : numbered(text);
}

function callerText({ caller: { speaks, cluster, identity } }: CallerClass, { destination }: LanePlan['lane']): string {
  return `${cluster === destination.cluster ? 'here' : cluster} ${speaks} ${identity?.trustDomain}`;
}

/** Waivers, and identities that are shared with strangers. */
function namesMatter({ rule }: Grant): boolean {
  return (
    rule.accept.length > 0 || rule.callers.some((caller) => caller.kind === 'identities' && caller.strangers.length > 0)
  );
}

/** What encloses a name that may stand for any other. No text of a document is put into a key with control characters. */
const [opening, closing] = ['\u0001', '\u0002'];
const unshared = '\u0003';

function account(name: string): string {
  return `${opening}${name}${closing}`;
}

/** Names by the order of their first appearance; an account is numbered within its namespace. */
function numbered(text: string): string {
  const [namespaces, accounts] = [new Map<string, number>(), new Map<string, number>()];
  const [start = '', ...pieces] = text.split(opening);
  const rest = pieces.map((piece) => {
    const [name = '', after = ''] = piece.split(closing);
    const [namespace = ''] = name.split('/');
    const number = numberOf(namespaces, namespace);
    return name === namespace ? `<${number}>${after}` : `<${number}/${numberOf(accounts, name)}>${after}`;
  });
  return start + rest.join('');
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

function grantText(comparison: Comparison, grant: Grant): string {
  const { demand, address } = comparison;
  if (!speaksOfPort(grant, demand.workload, address.podPort)) return '';
  const { rule, target } = grant;
  const service = target.destination.service;
  const own = address.kind === 'service' && service && `${service.namespace}/${service.name}` === address.service;
  const port =
    target.ports === undefined ||
    (address.kind === 'service' && target.ports.some((each) => each.service === address.port));
  const conditions = target.conditions.map(({ key, header, values }) =>
    JSON.stringify([key, header, values.map(({ value }) => value)]),
  );
  const ports = conditions.length === 0 ? '' : target.ports?.map((each) => each.service).join();
  return [
    target.named,
    own,
    port,
    ports,
    ...conditions,
    ...rule.callers.map((caller) => {
      if (caller.kind === 'identities') return caller.serviceAccounts.map(account).join();
      if (caller.kind === 'namespace') return `in ${account(caller.namespace)}`;
      return caller.kind === 'addresses' ? caller.ipBlocks.join() : caller.kind;
    }),
  ].join(' ');
}

function gateText({ hop, enforcement }: Gate): string {
  const { peer, point, chain, port } = hop;
  const { trustDomains, peerMode, severalProviders, notModelled, policies } = enforcement;
  const peerText =
    peer.kind === 'proxy' ? account(`${peer.identity.namespace}/${peer.identity.serviceAccount}`) : peer.kind;
  return [
    point.kind,
    chain,
    peerText,
    peer.kind === 'proxy' ? peer.identity.trustDomain : '',
    trustDomains.join(),
    peerMode,
    severalProviders,
    notModelled,
    ...policies.map((policy) => policyText(policy, port)),
  ].join(' ');
}

const policyTexts = new WeakMap<CompiledPolicy, Map<number, string>>();

/** A policy with the rules that can match on a port, as text. */
function policyText(policy: CompiledPolicy, port: number): string {
  const texts = policyTexts.get(policy) ?? new Map<number, string>();
  policyTexts.set(policy, texts);
  const text =
    texts.get(port) ??
    `${policy.action} ${policy.provider ?? ''} [${policy.rules.flatMap((rule) => ruleText(rule, port)).join('|')}]`;
  texts.set(port, text);
  return text;
}

function ruleText({ clauses }: CompiledRule, port: number): readonly string[] {
  const texts = clauses.map((clause) => clauseText(clause, port));
  return texts.includes(undefined) ? [] : [texts.join('&')];
}

/** `undefined` where no alternative is left: the clause never holds. */
function clauseText({ alternatives }: Clause, port: number): string | undefined {
  const texts = alternatives.flatMap((alternative) => alternativeText(alternative, port) ?? []);
  return texts.length === 0 ? undefined : `(${texts.join('/')})`;
}

function alternativeText({ conditions }: Alternative, port: number): string | undefined {
  const rest = conditions.filter(({ attribute }) => attribute !== 'destination.port');
  const ports = conditions.filter(({ attribute }) => attribute === 'destination.port');
  return ports.every((condition) => portHolds(condition, port)) ? rest.map(conditionText).join('+') : undefined;
}

function portHolds({ anyOf, noneOf }: Condition, port: number): boolean {
  const hits = (matcher: Matcher) => matches(matcher, String(port)) === 'yes';
  return (anyOf.length === 0 || anyOf.some(hits)) && !noneOf.some(hits);
}

function conditionText({ attribute, anyOf, noneOf }: Condition): string {
  const text = (matcher: Matcher) => matcherText(attribute, matcher);
  return `${attribute}=${anyOf.map(text).join()}!${noneOf.map(text).join()}`;
}

/** Names of callers may stand for others; anything else that callers are compared with may not, and nor may the rest. */
function matcherText(attribute: Attribute, matcher: Matcher): string {
  if (attribute === 'destination.ip') return unshared;
  if (!attribute.startsWith('source.') || attribute === 'source.ip') return JSON.stringify(matcher);
  const mention: Mention = mentionOf(attribute, matcher);
  switch (mention.kind) {
    case 'pattern':
      return unshared;
    case 'nobody':
      return JSON.stringify(matcher);
    default: {
      const trustDomain = 'value' in matcher && attribute === 'source.principal' ? matcher.value.split('/')[0] : '';
      return `${mention.kind} ${trustDomain} ${account(mention.name)}`;
    }
  }
}
