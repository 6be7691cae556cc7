import type { ManifestObject } from '../../parse/document.js';
import { type OtherRevision, trafficDefaultFields } from '../../parse/mesh.js';
import { deployingRevision, injectingRevision } from '../../topology/revisions.js';
import { groupBy } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import type { Point } from '../policies/attach.js';
import { type Doubt, namesOf, placesOf } from './doubt.js';

/** Why it is not known what a proxy does that belongs to another control plane than the one that the settings are about. */
export function doubtAboutRevision(point: Point, mesh: MeshCluster): string | undefined {
  const other = otherRevisionAt(point, mesh);
  return other && `what holds for proxies of ${other} (E-30)`;
}

/** The same for reports: by revision, everything that it serves. */
export function aboutRevisions(mesh: MeshCluster): readonly Doubt[] {
  if (mesh.cluster.settings.istio.otherRevisions.every(({ differences }) => differences.length === 0)) return [];
  const envoys = placesOf(mesh).filter(({ point }) => otherRevisionAt(point, mesh) !== undefined);
  return [...groupBy(envoys, ({ point }) => otherRevisionAt(point, mesh) ?? '')].flatMap(([what, places]) => {
    const [first] = places;
    if (first === undefined) return [];
    return [{ object: objectOf(first.point), path: ['metadata', 'name'], what, places: namesOf(places, () => true) }];
  });
}

/** The revision of a proxy in words, with the first of what is another there. */
function otherRevisionAt(point: Point, { cluster }: MeshCluster): string | undefined {
  const { otherRevisions } = cluster.settings.istio;
  if (otherRevisions.length === 0 || point.kind === 'ztunnel') return undefined;
  const revision =
    point.kind === 'sidecar' ? injectingRevision(point.workload, cluster) : deployingRevision(objectOf(point), cluster);
  const other = otherRevisions.find(({ name }) => name === revision);
  const difference = other?.differences.find((setting) => decides(setting, point));
  return difference && `revision \`${revision}\`, where \`${difference}\` is another`;
}

const ofGateways: readonly string[] = ['numTrustedProxies', 'proxyProtocol'];

const ofSending: readonly string[] = trafficDefaultFields;

/** Who stands before a gateway is of gateways alone; how requests are sent on lets nobody through. */
function decides(setting: OtherRevision['differences'][number], { kind }: Point): boolean {
  return !ofSending.includes(setting) && (kind === 'gateway' || !ofGateways.includes(setting));
}

/** What a proxy of Envoy's is written as. */
export function objectOf(point: Exclude<Point, { kind: 'ztunnel' }>): ManifestObject {
  if (point.kind === 'waypoint') return point.waypoint.object;
  return point.kind === 'gateway' ? point.gateway.object : point.workload.object;
}
