import { trafficDefaultFields } from '../../../parse/mesh.js';
import type { Cluster } from '../../../topology/model.js';
import { deployingRevision, injectingRevision } from '../../../topology/revisions.js';
import { oncePer, oncePerObject } from '../../../util/once.js';
import { objectOf } from '../../doubts/other-revisions.js';
import type { MeshCluster } from '../../mesh.js';
import type { Point } from '../../policies/attach.js';

/** The revision of a proxy whose MeshConfig has it send requests on otherwise than the one that the settings are about. */
export function revisionSendingOtherwise(point: Point, cluster: Cluster): string | undefined {
  const { otherRevisions } = cluster.settings.istio;
  if (otherRevisions.length === 0 || point.kind === 'ztunnel') return undefined;
  const name =
    point.kind === 'sidecar' ? injectingRevision(point.workload, cluster) : deployingRevision(objectOf(point), cluster);
  const differences = otherRevisions.find((each) => each.name === name)?.differences ?? [];
  return trafficDefaultFields.some((field) => differences.includes(field)) ? name : undefined;
}

/** A cluster as a proxy knows it: the defaults for how requests are sent on are those of its own control plane. */
export function asSeenBy(mesh: MeshCluster, point: Point): MeshCluster {
  const name = revisionSendingOtherwise(point, mesh.cluster);
  return name === undefined ? mesh : byRevision(mesh)(name);
}

const byRevision = oncePerObject((mesh: MeshCluster) =>
  oncePer((name: string): MeshCluster => {
    const { cluster } = mesh;
    const { istio } = cluster.settings;
    const { trafficDefaults = [] } = istio.otherRevisions.find((each) => each.name === name) ?? {};
    return {
      ...mesh,
      cluster: { ...cluster, settings: { ...cluster.settings, istio: { ...istio, trafficDefaults } } },
    };
  }),
);
