import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { ManifestObject } from '../../../parse/document.js';
import { spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { gatewayObjectsOf, isForGateway, isOneOf } from '../../../resolve/gateways/routes-at-gateway.js';
import type { NamedCaller, Source } from '../../../resolve/resolved.js';
import { type Cluster, type Gateway, keyOf } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { backendsOf, homeOf, isRouteOf, isVisibleIn } from '../routes/route-objects.js';
import { keyNamed, routesByBackend } from '../routes/routes-by-backend.js';

/**
 * Callers whose requests for a Service an existing route leads to a gateway, which leads them on to the Service: there they have
 * the identity of the gateway, and no rule knows them (istio-security §1.3).
 */
export function checkDeputies(context: PlaceContext, policy: DestinationPolicy): void {
  const deputies = deputiesOf(context, policy);
  if (deputies.length === 0) return;
  for (const obligation of policy.obligations)
    for (const caller of obligation.callers)
      if (caller.kind === 'identities' || caller.kind === 'namespace')
        reportDeputy(context, policy, obligation, caller, deputies);
}

/** A gateway that stands between a Service and who calls it, and the route that leads there. */
interface Deputy {
  readonly gateway: Gateway;
  readonly route: ManifestObject;
}

function deputiesOf(context: PlaceContext, policy: DestinationPolicy): readonly Deputy[] {
  const { destination, waypoint } = policy;
  const { gateways, routes } = context.around(policy);
  if (destination.service === undefined || gateways.size === 0) return [];
  const own = routes.filter((route) => isRouteOf(route, destination, waypoint?.namespace));
  if (own.length === 0) return [];
  const cluster = context.clusterOf(policy);
  return own.flatMap((route) =>
    [...gateways.values()]
      .filter((gateway) => leadsTo(cluster, route, gateway) && leadsOn(context, policy, cluster, gateway))
      .map((gateway) => ({ gateway, route })),
  );
}

/** Whether a route sends requests to a Service in front of a gateway. */
function leadsTo(cluster: Cluster, route: ManifestObject, { fronts }: Gateway): boolean {
  return backendsOf(route).some((backend) => {
    const key = keyNamed(cluster, route, backend);
    const [namespace, name] = key.split('/');
    return fronts.some(
      ({ host, service }) => host === backend || service === key || host.startsWith(`${name}.${namespace}.svc.`),
    );
  });
}

/** Whether the gateway then leads them to the destination. */
function leadsOn(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  cluster: Cluster,
  gateway: Gateway,
): boolean {
  const objects = gatewayObjectsOf(gateway);
  const key = keyOf(destination);
  const bySettings = context.ir.gatewayTraffic.some(
    ({ gateways, routes }) =>
      isOneOf(gateways, cluster.name, objects) &&
      routes.some(
        ({ action }) =>
          action.kind === 'forward' &&
          action.backends.some(({ place }) => place.kind === 'service' && keyOf(place) === key),
      ),
  );
  return bySettings || (routesByBackend(cluster).get(key) ?? []).some((route) => isForGateway(route, objects));
}

function reportDeputy(
  context: PlaceContext,
  policy: DestinationPolicy,
  { effect, origin }: Obligation,
  caller: NamedCaller & { readonly label: string; readonly span: Obligation['origin']['span'] },
  deputies: readonly Deputy[],
): void {
  const found = deputies.flatMap(({ gateway, route }) => {
    const sender = caller.members.find((member) => isLedBy(policy, member, route, gateway));
    return sender ? [{ gateway, route, sender }] : [];
  })[0];
  if (found === undefined) return;
  const { gateway, route, sender } = found;
  const destination = destinationLabel(policy.destination);
  const name = `${route.kind} ${homeOf(route)}/${route.name}`;
  const outcome = effect === 'Allow' ? 'the rule does not let it in' : 'the rule does not refuse it';
  const parameters = { rule: origin.id, caller: caller.label, route: name, destination, deputy: keyOf(gateway) };
  context.report(
    diagnostic('caller-behind-deputy', parameters, caller.span, {
      witness: `a request from ${sender.name} to ${destination} arrives as ${gateway.namespace}/${gateway.serviceAccount}, and ${outcome}`,
      notes: [{ message: 'the route is here', span: spanIn(route, ['metadata', 'name']) }],
    }),
  );
}

/** Sidecars obey routes themselves; for ambient callers the waypoint of the Service does. */
function isLedBy(
  { waypoint }: DestinationPolicy,
  { name, plane, serviceAccount }: Source,
  route: ManifestObject,
  gateway: Gateway,
): boolean {
  if (serviceAccount === `${gateway.namespace}/${gateway.serviceAccount}`) return false;
  const [namespace = ''] = name.split('/');
  if (plane === 'sidecar') return route.kind !== 'VirtualService' || isVisibleIn(route, namespace);
  return plane === 'ambient' && waypoint !== undefined;
}
