import type { Located } from '../../diagnostics/diagnostic.js';
import type { Destination } from '../resolved.js';
import type { VersionsOfServices } from './versions-of-services.js';

/** What names in routes are read against: the Service or the gateway that the routes are for. */
export interface RouteSite {
  /** That of short names. */
  readonly namespace: string;
  readonly clusters: readonly string[];
  /** The Service itself in each cluster; none at a gateway. */
  readonly own: readonly Destination[];
  /** Those by which requests and connections come. */
  readonly ports: readonly SitePort[];
  /** The versions that settings define, by `namespace/name` of the Service. */
  readonly versions: VersionsOfServices;
  /** Reports a host that requests are not asked for there. */
  checkHost(host: Located<string>): void;
  /** Reports a port that requests cannot be sent to. */
  checkPort(port: Located<string | number>): void;
}

export interface SitePort {
  readonly number: number;
  readonly name: string | undefined;
  readonly readsRequests: boolean;
}
