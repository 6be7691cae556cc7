import type { MeshCluster } from '../../mesh/mesh.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import type { Service } from '../../topology/model.js';

export type VersionsByService = ReadonlyMap<string, ResolvedTraffic['versions']>;

/** What traffic settings are for, and the port of it that is asked. */
export interface Asked extends Pick<ResolvedTraffic, 'origin' | 'routes'> {
  /** The versions that settings define, by the `namespace/name` of the Service. */
  readonly versions: VersionsByService;
  readonly at: MeshCluster;
  /** The `namespace/name` of the Service or the Gateway. */
  readonly name: string;
  /** Absent where it is a Gateway. */
  readonly service: Service | undefined;
  /** The host of the settings by which a Gateway is asked; absent for a Service. */
  readonly host: string | undefined;
  readonly port: { readonly name?: string | undefined; readonly number: number };
  /** For a host outside the mesh the gateways by which requests leave, as `namespace/name`; empty where they leave by none. */
  readonly through?: readonly string[];
}
