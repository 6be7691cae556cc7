import type { PlacedGatewayConnections } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { backendRefs } from '../routes/gateway-api-rule.js';
import { gatewayParent } from '../routes/gateway-parent.js';
import { shares } from '../routes/virtual-service-rule.js';

/** Where a gateway leads connections, as a TCPRoute, a TLSRoute or a VirtualService. */
export function gatewayConnections(placed: PlacedGatewayConnections, provenance: Provenance): Manifest {
  const { cluster, namespace, name, gateway, kind, apiVersion, route } = placed;
  const purpose = `where gateway ${gateway.namespace}/${gateway.name} leads ${whatOf(placed)}`;
  const origins = [route.origin];
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion,
      kind,
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: kind === 'VirtualService' ? virtualService(placed) : routeOf(placed),
    },
    header: objectComment(purpose, origins, provenance),
    comments: [],
    realises: [route.origin.id],
  };
}

function whatOf({ isByName, hosts, port }: PlacedGatewayConnections): string {
  const at = port === undefined ? '' : ` on port ${port}`;
  return isByName ? `TLS for ${hosts.join(', ')}${at}` : `connections${at}`;
}

/** One rule, which is all that the stable versions of these kinds have. */
function routeOf(placed: PlacedGatewayConnections): JsonObject {
  const { gateway, namespace, port, hosts, isByName, backends } = placed;
  return {
    parentRefs: [gatewayParent(gateway, namespace, port)],
    ...(isByName ? { hostnames: [...hosts] } : {}),
    rules: [{ backendRefs: backendRefs(homeOf(placed), backends, undefined) }],
  };
}

function virtualService(placed: PlacedGatewayConnections): JsonObject {
  const { gateway, hosts, exportTo, port, isByName, backends } = placed;
  const match = { ...(port === undefined ? {} : { port }), ...(isByName ? { sniHosts: [...hosts] } : {}) };
  return {
    ...(exportTo.length > 0 && { exportTo: [...exportTo] }),
    gateways: [`${gateway.namespace}/${gateway.name}`],
    hosts: [...hosts],
    [isByName ? 'tls' : 'tcp']: [{ match: [match], route: shares(homeOf(placed), backends) }],
  };
}

function homeOf({ namespace, name, otherServices, otherVersions }: PlacedGatewayConnections) {
  return { destination: { namespace, name, service: undefined }, backends: [], otherServices, otherVersions };
}
