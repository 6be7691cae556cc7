import type { PlacedGatewayRoute, PlacedRoute } from '../../../ir/placed-traffic.js';
import { nameForPort } from '../../../ir/route-name.js';
import { rulesOnPort } from '../../../ir/rules-on-port.js';
import type { Destination } from '../../../resolve/resolved.js';
import type { ResolvedRoute, RouteBackend } from '../../../resolve/resolved-traffic.js';
import { keyOf } from '../../../topology/model.js';

/** An object that routes requests, as a Rollout names it. */
export interface RoutingObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly RoutingRule[];
}

export interface RoutingRule {
  /** Where the form has names. */
  readonly name: string | undefined;
  /** As the settings call it. */
  readonly route: string;
  /** The versions of the Service to which it leads; `undefined` is the Service as a whole, or another. */
  readonly versions: ReadonlyArray<string | undefined>;
  readonly isExternal: boolean;
}

/** Whether a rollout controller changes any weights of it. */
export function isSplit({ rules }: RoutingObject): boolean {
  return rules.some(({ isExternal }) => isExternal);
}

export function objectInWords({ kind, namespace, name }: Omit<RoutingObject, 'rules'>): string {
  return `${kind} \`${namespace}/${name}\``;
}

/** The objects that a Service's own settings become. */
export function objectsOf(placed: PlacedRoute): readonly RoutingObject[] {
  const { destination, form, rules, connections } = placed;
  const { namespace, name, service } = destination;
  const ruleOf = ruleAt(destination);
  if (form === 'VirtualService')
    return [{ kind: form, namespace, name, rules: [...rules, ...connections].map(ruleOf) }];
  const ports = (service?.ports ?? []).filter(({ layer }) => layer !== 'tcp');
  return [
    ...ports.map(({ number }) => ({
      kind: form,
      namespace,
      name: nameForPort(placed, number),
      rules: rulesOnPort(rules, number).map(ruleOf),
    })),
    ...connections.map((rule) => ({
      kind: 'TCPRoute',
      namespace,
      name: nameForPort(placed, rule.port),
      rules: [ruleOf(rule)],
    })),
  ];
}

/** What settings of a gateway become. */
export function objectOfGateway({ form, namespace, name, rules }: PlacedGatewayRoute, to: Destination): RoutingObject {
  return { kind: form, namespace, name, rules: rules.map(ruleAt(to)) };
}

interface Routed {
  readonly route: ResolvedRoute;
  readonly name?: string;
}

function ruleAt(destination: Destination): (rule: Routed) => RoutingRule {
  return ({ route: { origin, action }, name }) => {
    const isForward = action.kind === 'forward';
    return {
      name,
      route: origin.id,
      versions: isForward ? action.backends.map((backend) => versionAt(destination, backend)) : [],
      isExternal: isForward && action.weights !== undefined,
    };
  };
}

function versionAt(destination: Destination, { place }: RouteBackend): string | undefined {
  if (place.kind === 'version') return place.version;
  return place.kind === 'service' && keyOf(place) === keyOf(destination) ? place.version : undefined;
}
