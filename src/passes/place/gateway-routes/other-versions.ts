import type { VersionService } from '../../../ir/placed-traffic.js';
import type { Cluster, Service } from '../../../topology/model.js';

/** The Services of versions, by the id of their destination. */
export type VersionsOfDestinations = ReadonlyMap<string, readonly VersionService[]>;

/** The Services of the versions to which routes lead, by `namespace/name version`. */
export function otherVersions(
  { name }: Cluster,
  versions: VersionsOfDestinations,
  services: ReadonlyMap<string, Service>,
): ReadonlyMap<string, VersionService> {
  return new Map(
    [...services.keys()].flatMap((key) =>
      (versions.get(`${name}/${key}`) ?? []).map((version) => [`${key} ${version.version}`, version] as const),
    ),
  );
}
