import type { ManifestObject } from '../../parse/document.js';
import type { OtherRevision } from '../../parse/mesh.js';
import { deployingRevision, injectingRevision } from '../../topology/revisions.js';
import type { MeshCluster } from '../mesh.js';
import type { Point } from '../policies/attach.js';
import { type Doubt, namesOf, placesOf } from './doubt.js';

/** Why it is not known what a proxy does that belongs to another control plane than the one that the settings are about. */
export function doubtAboutRevision(point: Point, mesh: MeshCluster): string | undefined {
  const other = otherRevisionOf(point, mesh);
  return (
    other && `what holds for proxies of revision \`${other.name}\`, where \`${other.difference}\` is another (E-30)`
  );
}

/** The same for reports: by revision, everything that it serves. */
export function aboutRevisions(mesh: MeshCluster): readonly Doubt[] {
  const { otherRevisions } = mesh.cluster.settings.istio;
  if (otherRevisions.every(({ difference }) => difference === undefined)) return [];
  const envoys = placesOf(mesh).filter(({ point }) => point.kind !== 'ztunnel');
  return otherRevisions.flatMap((revision) => {
    const isServed = (point: Point) => otherRevisionOf(point, mesh) === revision;
    const [first] = envoys.filter(({ point }) => isServed(point));
    if (first === undefined) return [];
    const what = `revision \`${revision.name}\`, where \`${revision.difference}\` is another`;
    return [{ object: objectOf(first.point), path: ['metadata', 'name'], what, places: namesOf(envoys, isServed) }];
  });
}

function otherRevisionOf(point: Point, { cluster }: MeshCluster): OtherRevision | undefined {
  const { otherRevisions } = cluster.settings.istio;
  if (otherRevisions.length === 0 || point.kind === 'ztunnel') return undefined;
  const revision =
    point.kind === 'sidecar' ? injectingRevision(point.workload, cluster) : deployingRevision(objectOf(point), cluster);
  return otherRevisions.find(({ name, difference }) => name === revision && difference !== undefined);
}

function objectOf(point: Point): ManifestObject {
  if (point.kind === 'waypoint') return point.waypoint.object;
  return point.kind === 'gateway' ? point.gateway.object : point.workload.object;
}
