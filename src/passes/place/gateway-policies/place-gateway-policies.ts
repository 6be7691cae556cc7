import type { PlacedPolicy, PlacedRule, SourceMatch } from '../../../ir/policy-ir.js';
import type { Caller } from '../../../resolve/resolved.js';
import type {
  GatewayRequests,
  GatewayRule,
  ResolvedGatewaySecurity,
} from '../../../resolve/resolved-gateway-security.js';
import type { Gateway } from '../../../topology/model.js';
import { groupBy, sortBy, sortedNumbers } from '../../../util/order.js';
import { normalizeCondition } from '../../normalize.js';
import type { PlaceContext } from '../context.js';
import { withPorts } from '../hosts.js';
import { sourceMatches } from '../source-match.js';
import { checkGatewayCallers } from './check-gateway-callers.js';

/** The policies of every gateway that settings name: what it accepts, where its default denies, and what it never accepts. */
export function placeGatewayPolicies(context: PlaceContext): PlacedPolicy[] {
  return context.ir.gatewaySecurity.flatMap((settings) => {
    checkGatewayCallers(context, settings);
    return [...policiesOf(context, settings), ...askingPolicies(settings)];
  });
}

function policiesOf(context: PlaceContext, settings: ResolvedGatewaySecurity): PlacedPolicy[] {
  const { gateway, default: fallback } = settings;
  const [allow, deny] = (['Allow', 'Deny'] as const).map((effect) => rulesOf(context, settings, effect));
  const base = {
    cluster: gateway.cluster,
    namespace: gateway.namespace,
    attachment: attachmentOf(gateway),
    role: 'rules',
  } as const;
  const accepts = {
    ...base,
    name: `${gateway.name}-allow`,
    effect: 'Allow',
    purpose: `what requests gateway ${gateway.name} accepts`,
    rules: allow ?? [],
    origins: fallback ? [fallback.origin] : [],
  } as const;
  const refuses = {
    ...base,
    name: `${gateway.name}-deny`,
    effect: 'Deny',
    purpose: `what requests gateway ${gateway.name} never accepts`,
    rules: deny ?? [],
    origins: [],
  } as const;
  return [...(fallback?.value === 'Deny' ? [accepts] : []), ...(deny && deny.length > 0 ? [refuses] : [])];
}

/** The policies by which external authorizers are asked about requests to the gateway. */
function askingPolicies({ gateway, asked }: ResolvedGatewaySecurity): PlacedPolicy[] {
  const byAuthorizer = groupBy(asked, ({ authorizer }) => authorizer);
  return sortBy([...byAuthorizer], ([authorizer]) => authorizer).map(([authorizer, rules]) => ({
    cluster: gateway.cluster,
    namespace: gateway.namespace,
    attachment: attachmentOf(gateway),
    role: 'rules',
    name: `${gateway.name}-external${byAuthorizer.size === 1 ? '' : `-${authorizer}`}`,
    effect: 'Deny',
    authorizer,
    purpose: `what requests to gateway ${gateway.name} authorizer ${authorizer} is asked about`,
    rules: rules.flatMap(({ origin, requests }) =>
      requests.map((each) => ({ ...matched(gateway, each), origins: [origin], sources: undefined, why: [] })),
    ),
    origins: [],
  }));
}

/** A Gateway of Gateway API is named; the pods of another are selected (istio-security §3.1). */
export function attachmentOf({ kind, name, podLabels }: Gateway): PlacedPolicy['attachment'] {
  return kind === 'gateway-api' ? { kind: 'gateway', name } : { kind: 'selector', labels: podLabels };
}

function rulesOf(
  context: PlaceContext,
  { gateway, rules }: ResolvedGatewaySecurity,
  effect: GatewayRule['effect'],
): PlacedRule[] {
  return rules
    .filter((rule) => rule.effect === effect)
    .flatMap((rule) => rule.requests.map((requests) => placed(context, gateway, rule, requests)));
}

function placed(context: PlaceContext, gateway: Gateway, rule: GatewayRule, requests: GatewayRequests): PlacedRule {
  const sources = clientSources(context, rule.callers);
  return { ...matched(gateway, requests), origins: [rule.origin], sources, why: [] };
}

function matched(gateway: Gateway, { ports, exceptPorts, conditions }: GatewayRequests) {
  return {
    ports,
    ...(ports === undefined && exceptPorts.length > 0 && { notPorts: exceptPorts }),
    conditions: withPorts(conditions.map(normalizeCondition), declaredPorts(gateway)),
  };
}

/** Behind whatever stands before a gateway, an address is that of the client, as the gateway is told to find it (istio-security §1.3). */
function clientSources(context: PlaceContext, callers: readonly Caller[]): SourceMatch[] | undefined {
  return sourceMatches(context, callers)?.map(({ ipBlocks, notIpBlocks, ...source }) => ({
    ...source,
    ...(ipBlocks && { remoteIpBlocks: ipBlocks }),
    ...(notIpBlocks && { notRemoteIpBlocks: notIpBlocks }),
  }));
}

function declaredPorts({ listeners, fronts }: Gateway): number[] {
  return sortedNumbers([...listeners, ...fronts].map(({ port }) => port));
}
