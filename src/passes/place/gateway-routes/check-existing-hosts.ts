import { diagnostic } from '../../../diagnostics/create.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import type { GatewayObject, ResolvedGatewayTraffic } from '../../../resolve/resolved-traffic.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { controllerOf } from '../../../topology/rollouts/weight-controllers.js';
import type { PlaceContext } from '../context.js';
import { controllerHelp } from '../rollouts/controller-help.js';
import { homeOf, items, texts } from '../routes/route-objects.js';

/** An existing route for the same host at the same gateway: which of the rules count is not for one of the two to say. */
export function checkExistingHosts(
  context: PlaceContext,
  cluster: Cluster,
  { hosts, origin }: ResolvedGatewayTraffic,
  gateway: GatewayObject,
): void {
  const wanted = new Set(hosts.map(({ value }) => value));
  for (const route of cluster.routes) {
    if (isManaged(route) || !isBoundTo(route, gateway)) continue;
    const host = hostsOf(route).find((each) => wanted.has(each));
    if (host === undefined) continue;
    const parameters = {
      route: `${route.kind} ${keyOf({ namespace: homeOf(route), name: route.name })}`,
      host,
      gateway: keyOf(gateway),
    };
    const notes = [{ message: 'the settings are here', span: origin.span }];
    const details = { notes, ...controllerHelp(controllerOf(cluster, route)) };
    context.report(diagnostic('host-routed-already', parameters, spanIn(route, ['metadata', 'name']), details));
  }
}

function isBoundTo(route: ManifestObject, gateway: GatewayObject): boolean {
  const { gateways, parentRefs } = Object(route.value.spec);
  if (route.kind === 'VirtualService') {
    if (gateway.api !== 'istio') return false;
    return texts(gateways).some((name) => (name.includes('/') ? name : `${homeOf(route)}/${name}`) === keyOf(gateway));
  }
  return (
    gateway.api === 'gateway-api' &&
    items(parentRefs).some(
      ({ kind = 'Gateway', name, namespace = homeOf(route) }) =>
        kind === 'Gateway' && name === gateway.name && namespace === gateway.namespace,
    )
  );
}

function hostsOf(route: ManifestObject): readonly string[] {
  const { hosts, hostnames } = Object(route.value.spec);
  return [...texts(hosts), ...texts(hostnames)];
}
