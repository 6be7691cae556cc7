import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedRateLimits } from '../../../ir/placed-limits.js';
import { podPortsOf, servedListeners } from '../../../resolve/gateways/gateway-ports.js';
import type { GatewayObject, ResolvedGatewayLimits } from '../../../resolve/resolved-traffic.js';
import { type Gateway, keyOf, type Listener } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** By name for a Gateway of Gateway API and by the labels of its pods for Istio’s own, and by the ports of its listeners (F-63). */
export function limitsAtGateways(context: PlaceContext, settings: ResolvedGatewayLimits): PlacedRateLimits[] {
  return settings.gateways.flatMap((object) =>
    servingPods(context, object).flatMap((gateway) => {
      checkAddresses(context, settings, gateway);
      return limitsAt(settings, object, gateway);
    }),
  );
}

/** Without knowing what stands before a gateway nobody knows whose address it sees. */
function checkAddresses(context: PlaceContext, { limits }: ResolvedGatewayLimits, gateway: Gateway): void {
  const { numTrustedProxies, proxyProtocol } = gateway.topology;
  if (numTrustedProxies !== undefined || proxyProtocol !== undefined) return;
  const parameters = { caller: 'each client', gateway: keyOf(gateway) };
  for (const { kind, span } of limits.flatMap(({ by }) => by))
    if (kind === 'address') context.report(diagnostic('client-address-unknown', parameters, span));
}

/** The pods that serve a Gateway: of Istio’s own there may be several kinds. */
function servingPods({ ir }: PlaceContext, object: GatewayObject): readonly Gateway[] {
  const cluster = ir.topology.clusters.find(({ name }) => name === object.cluster);
  return [...(cluster?.gateways.values() ?? [])].filter((gateway) => listenersFor(gateway, object).length > 0);
}

function listenersFor(gateway: Gateway, { namespace, name, api }: GatewayObject): readonly Listener[] {
  return servedListeners(gateway).filter(
    ({ object }) =>
      object.kind === 'Gateway' &&
      object.name === name &&
      (object.namespace ?? 'default') === namespace &&
      (api === 'istio') === object.apiVersion.startsWith('networking.istio.io/'),
  );
}

function limitsAt(
  { origin, limits }: ResolvedGatewayLimits,
  object: GatewayObject,
  gateway: Gateway,
): PlacedRateLimits[] {
  const ports = podPortsOf(listenersFor(gateway, object).filter(({ reads }) => reads === 'requests'));
  if (ports.length === 0) return [];
  const attachment: PlacedRateLimits['attachment'] =
    object.api === 'gateway-api'
      ? { kind: 'gateway', name: object.name }
      : { kind: 'selector', labels: gateway.podLabels };
  return [
    {
      cluster: object.cluster,
      namespace: gateway.namespace,
      name: `${origin.id}-limits-at-${gateway.name}`,
      attachment,
      chains: ports.map((portNumber) => ({ portNumber })),
      limits,
      purpose: `how many requests each pod of gateway ${keyOf(gateway)} lets through`,
      origin,
    },
  ];
}
