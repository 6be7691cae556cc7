import type { MeshCluster } from '../../mesh/mesh.js';
import type { Destination } from '../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import type { Service, ServicePort } from '../../topology/model.js';

/** One port of a Service with settings of its own. */
export interface AskedPort {
  readonly traffic: ResolvedTraffic;
  readonly destination: Destination;
  readonly at: MeshCluster;
  readonly service: Service;
  readonly port: ServicePort;
}
