import { diagnostic } from '../../diagnostics/create.js';
import type { Condition, GatewaySettings } from '../../parse/ast.js';
import { type Gateway, keyOf, type Service } from '../../topology/model.js';
import { checkAllowed } from '../caller-exceptions.js';
import { resolveCallers } from '../callers.js';
import type { ResolveContext } from '../context.js';
import { clusterNames, wholeName } from '../names.js';
import type { Destination } from '../resolved.js';
import type { GatewayRule } from '../resolved-gateway-security.js';
import type { ResolvedGatewayTraffic } from '../resolved-traffic.js';
import { bindScope, namespaceOf } from '../scopes.js';
import { resolveTargets } from '../targets.js';
import { resolveToken } from '../tokens.js';
import { delegatedHosts } from './delegated-hosts.js';
import { requestsOf } from './gateway-requests.js';
import { ledPaths } from './led-paths.js';
import { nearGateways } from './near-gateways.js';
import type { RuleThroughGateway } from './through.js';

/** A rule of an application at a gateway of one cluster. */
export interface DelegatedRule {
  readonly gateway: Gateway;
  readonly rule: GatewayRule;
}

/** What is known of gateways beside their topology. */
export interface GatewayFacts {
  /** The security settings of a gateway, by `namespace/name`. */
  readonly settingsOf: (gateway: Gateway) => readonly GatewaySettings[];
  readonly traffic: readonly ResolvedGatewayTraffic[];
}

/** Binds a rule of an application through a gateway: as a rule at the gateway, for the requests that it leads to the Service. */
export function resolveThrough(
  context: ResolveContext,
  through: RuleThroughGateway,
  facts: GatewayFacts,
): readonly DelegatedRule[] {
  const { settings, target } = through;
  if (settings.scope.kind === 'gateway') return [];
  const scope = bindScope(context, settings.scope);
  const name = wholeName(context, target.through.value, undefined, target.through.span);
  if (scope === undefined || name === undefined) return [];
  const service = { ...target, conditions: [], except: [] };
  const destinations = resolveTargets(context, [service], scope, target.span, false).map((each) => each.destination);
  const places = destinations.flatMap((destination) => {
    const cluster = context.topology.clusters.find((each) => each.name === destination.cluster);
    const gateway = cluster?.gateways.get(name);
    return gateway ? [{ destination, gateway }] : [];
  });
  if (places.length === 0 && destinations.length > 0) {
    const known = context.topology.clusters.flatMap(({ gateways }) => [...gateways.keys()]);
    const parameters = { name, where: clusterNames(context.topology) };
    const near = nearGateways(context.names, name, known);
    context.report(diagnostic('unknown-gateway', parameters, target.through.span, near));
  }
  return places.flatMap((place) => ruleAt(context, through, place, namespaceOf(scope), facts));
}

function ruleAt(
  context: ResolveContext,
  through: RuleThroughGateway,
  { gateway, destination }: { readonly gateway: Gateway; readonly destination: Destination },
  home: string | undefined,
  facts: GatewayFacts,
): readonly DelegatedRule[] {
  const { settings, effect, rule, target } = through;
  const { service } = destination;
  if (service === undefined) return [];
  const hosts = delegatedHosts(context, gateway, service.namespace, through, facts.settingsOf(gateway));
  const paths = hosts && pathsOf(context, through, gateway, service, hosts, facts.traffic);
  if (hosts === undefined || paths === undefined) return [];
  const token = resolveToken(context, rule.token);
  const callers = resolveCallers(context, rule.from, home, rule.name.span);
  if (effect === 'Allow') checkAllowed(context, callers);
  const others = target.conditions.filter(({ key, isNegated }) => key !== 'hosts' || isNegated);
  const requests = (more: readonly Condition[]) =>
    requestsOf(context, gateway, {
      ...withoutDestination(target),
      conditions: [hosts, ...others, ...more, ...token.conditions],
      except: [...target.except, ...token.except],
    });
  const { reason, owner, ticket } = rule;
  return [
    {
      gateway,
      rule: {
        origin: { id: `${settings.name.value}/${rule.name.value}`, span: rule.name.span, reason, owner, ticket },
        effect,
        callers,
        issuers: token.issuers,
        requests: requests(paths),
        accept: rule.accept.filter(context.isInForce),
        ...(rule.pin && { pin: rule.pin }),
        through: { service: keyOf(service), span: target.through.span, requests: requests([]) },
      },
    },
  ];
}

function withoutDestination({ port, span }: RuleThroughGateway['target']) {
  return { destination: undefined, port, span };
}

/** The paths by which routes lead to the Service, where the rule names none; `undefined` where nothing leads there. */
function pathsOf(
  context: ResolveContext,
  { target }: RuleThroughGateway,
  gateway: Gateway,
  service: Service,
  hosts: Condition,
  traffic: readonly ResolvedGatewayTraffic[],
): readonly Condition[] | undefined {
  if (target.conditions.some(({ key }) => key === 'paths')) return [];
  const { span } = target.through;
  const routes = context.topology.clusters.find(({ name }) => name === gateway.cluster)?.routes ?? [];
  const values = hosts.values.map(({ value }) => value);
  const led = ledPaths(routes, traffic, gateway, service, values);
  const parameters = { gateway: keyOf(gateway), service: keyOf(service), hosts: values.join(', ') };
  if ('unsaid' in led || led.patterns.length === 0) {
    const why =
      'unsaid' in led ? `leads by ${led.unsaid}, which a rule cannot say` : 'leads none of these requests there';
    context.report(diagnostic('nothing-led-through', { ...parameters, why }, span));
    return undefined;
  }
  const condition = (values: readonly string[], isNegated: boolean): Condition[] =>
    values.length === 0
      ? []
      : [{ key: 'paths', name: undefined, values: values.map((value) => ({ value, span })), isNegated, span }];
  return [...condition(led.patterns.includes('*') ? [] : led.patterns, false), ...condition(led.closer, true)];
}
