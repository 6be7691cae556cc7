import type { MeshCluster } from '../../mesh/mesh.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import type { Service } from '../../topology/model.js';

/** What traffic settings are for, and the port of it that is asked. */
export interface Asked extends Pick<ResolvedTraffic, 'origin' | 'routes' | 'versions'> {
  readonly at: MeshCluster;
  /** The `namespace/name` of the Service or the Gateway. */
  readonly name: string;
  /** Absent where it is a Gateway. */
  readonly service: Service | undefined;
  readonly port: { readonly name?: string | undefined; readonly number: number };
}
