import { diagnostic } from '../../diagnostics/create.js';
import type { Effect, GatewaySettings, Rule } from '../../parse/ast.js';
import { type Gateway, keyInMesh, keyOf } from '../../topology/model.js';
import { sortBy } from '../../util/order.js';
import { checkAllowed } from '../caller-exceptions.js';
import { resolveCallers } from '../callers.js';
import { aboutRequests } from '../conditions.js';
import type { ResolveContext } from '../context.js';
import { clusterNames, wholeName } from '../names.js';
import { checkPin, pinned } from '../pinned.js';
import type { Origin } from '../resolved.js';
import type { GatewayDefault, GatewayRule, ResolvedGatewaySecurity } from '../resolved-gateway-security.js';
import type { ResolvedGatewayTraffic } from '../resolved-traffic.js';
import { isShadow } from '../stages.js';
import { resolveToken, withToken } from '../tokens.js';
import { askedAtGateway } from './asked-at-gateway.js';
import { servedListeners } from './gateway-ports.js';
import { requestsOf } from './gateway-requests.js';
import { nearGateways } from './near-gateways.js';
import { resolveThrough } from './resolve-through.js';
import type { RuleThroughGateway } from './through.js';

/** Binds the security settings of gateways, all documents for one gateway together. */
export function resolveGatewaySecurity(
  context: ResolveContext,
  settings: readonly GatewaySettings[],
  through: readonly RuleThroughGateway[],
  traffic: readonly ResolvedGatewayTraffic[],
): ResolvedGatewaySecurity[] {
  const bound = new Map<string, ResolvedGatewaySecurity>();
  for (const each of sortBy(settings, ({ name }) => name.value)) {
    if (isShadow(each))
      for (const { name } of each.authorization?.external ?? [])
        context.report(diagnostic('authorizer-not-watched', { settings: each.name.value }, name.span));
    checkPin(context, each.authorization);
    if (each.mtls) context.report(diagnostic('mtls-of-gateway', {}, each.mtls.mode.span));
    for (const gateway of gatewaysOf(context, each)) {
      const key = keyInMesh(gateway);
      const before = bound.get(key) ?? { gateway, default: undefined, rules: [], asked: [] };
      bound.set(key, joined(context, before, each));
    }
  }
  const settingsOf = (gateway: Gateway) => settings.filter(({ scope }) => scope.reference === keyOf(gateway));
  for (const { gateway, rule } of through.flatMap((each) => resolveThrough(context, each, { settingsOf, traffic }))) {
    const before = bound.get(keyInMesh(gateway));
    if (before) bound.set(keyInMesh(gateway), { ...before, rules: byName([...before.rules, rule]) });
  }
  const found = [...bound.values()];
  for (const each of found) checkDefault(context, each);
  return sortBy(found, ({ gateway }) => keyInMesh(gateway));
}

function gatewaysOf({ topology, ...context }: ResolveContext, { scope }: GatewaySettings): readonly Gateway[] {
  const whole = { topology, ...context };
  const name = wholeName(whole, scope.reference, undefined, scope.span);
  if (name === undefined) return [];
  const found = topology.clusters.flatMap(({ gateways }) => gateways.get(name) ?? []);
  if (found.length === 0) {
    const near = nearGateways(context.names, name, context.sources.gateways);
    context.report(diagnostic('unknown-gateway', { name, where: clusterNames(topology) }, scope.span, near));
  }
  return found;
}

function joined(
  context: ResolveContext,
  { gateway, ...before }: ResolvedGatewaySecurity,
  { name, authorization }: GatewaySettings,
): ResolvedGatewaySecurity {
  const accepted = (authorization?.accept ?? []).filter(context.isInForce);
  const bind = (effect: Effect) => (rule: Rule) =>
    resolveRule(context, name.value, gateway, effect, pinned(authorization, rule), accepted);
  const rules = [
    ...before.rules,
    ...(authorization?.allow ?? []).map(bind('Allow')),
    ...(authorization?.deny ?? []).map(bind('Deny')),
  ];
  const asked = (authorization?.external ?? []).map((each) =>
    askedAtGateway(context, name.value, gateway, pinned(authorization, each)),
  );
  const written = authorization?.default;
  const own = written && { value: written.value, origin: originOf(`${name.value}/default`, written) };
  if (own && before.default && own.value !== before.default.value)
    reportSecondDefault(context, gateway, before.default, own);
  return {
    gateway,
    default: before.default ?? own,
    rules: byName(rules),
    asked: sortBy([...before.asked, ...asked], ({ origin }) => origin.id),
  };
}

function byName(rules: readonly GatewayRule[]): readonly GatewayRule[] {
  return sortBy(rules, ({ origin }) => origin.id);
}

function reportSecondDefault(
  { report }: ResolveContext,
  { namespace, name }: Gateway,
  first: GatewayDefault,
  second: GatewayDefault,
): void {
  const parameters = { scope: `gateway \`${namespace}/${name}\``, first: first.value, second: second.value };
  const notes = [{ message: 'the other value is here', span: first.origin.span }];
  report(diagnostic('contradictory-default', parameters, second.origin.span, { notes }));
}

function resolveRule(
  context: ResolveContext,
  settings: string,
  gateway: Gateway,
  effect: Effect,
  rule: Rule,
  inherited: GatewayRule['accept'],
): GatewayRule {
  const callers = resolveCallers(context, rule.from, gateway.namespace, rule.name.span);
  if (effect === 'Allow') checkAllowed(context, callers);
  const token = resolveToken(context, rule.token);
  const to = withToken(rule, token);
  const everything = { ports: undefined, exceptPorts: [], conditions: [], span: rule.name.span };
  return {
    origin: originOf(`${settings}/${rule.name.value}`, rule.name, rule),
    effect,
    callers,
    issuers: token.issuers,
    requests: to?.flatMap((target) => requestsOf(context, gateway, target)) ?? [everything],
    ...(rule.pin && { pin: rule.pin }),
    accept: [...rule.accept.filter(context.isInForce), ...inherited],
  };
}

function originOf(id: string, { span }: { readonly span: Origin['span'] }, rule?: Rule): Origin {
  return { id, span, reason: rule?.reason, owner: rule?.owner, ticket: rule?.ticket };
}

/** Reports allow rules that say nothing, and listeners that a default closes although no rule speaks of connections there. */
function checkDefault(context: ResolveContext, { gateway, default: fallback, rules }: ResolvedGatewaySecurity): void {
  if (fallback?.value !== 'Deny') {
    for (const { effect, origin } of rules)
      if (effect === 'Allow') context.report(diagnostic('allow-without-default', { rule: origin.id }, origin.span));
    return;
  }
  const spoken = rules.flatMap(({ requests }) =>
    requests.filter(({ conditions }) => aboutRequests(conditions).length === 0),
  );
  for (const { name, protocol, port, podPort, reads } of servedListeners(gateway)) {
    const isSpokenOf = spoken.some(
      ({ ports, exceptPorts }) => ports?.includes(podPort) ?? !exceptPorts.includes(podPort),
    );
    if (reads === 'requests' || isSpokenOf) continue;
    const parameters = { listener: name, protocol, gateway: `${gateway.namespace}/${gateway.name}`, port };
    context.report(diagnostic('connections-cut-off', parameters, fallback.origin.span));
  }
}
