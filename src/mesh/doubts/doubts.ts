import { keyOf, type Workload } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import { attaches, type Point } from '../policies/attach.js';
import { doubtAboutRevision } from './other-revisions.js';

/** What is not read of that which changes an enforcement point; `undefined` where nothing does. ztunnel is no Envoy. */
export function doubtAt(point: Point, port: number, mesh: MeshCluster): string | undefined {
  if (point.kind === 'ztunnel') return undefined;
  const revision = doubtAboutRevision(point, mesh);
  if (revision !== undefined) return revision;
  const side = point.kind === 'gateway' ? 'atGateway' : 'inbound';
  return attached(point, mesh, side).find(({ ports }) => ports?.includes(port) ?? true)?.what;
}

/** What may change what a proxy sends, where to, and as whom. */
export interface SenderDoubt {
  readonly what: string;
  /** The ports that are addressed; `undefined` of all. */
  readonly ports: readonly number[] | undefined;
}

export function doubtsAboutSender(point: Point, mesh: MeshCluster): readonly SenderDoubt[] {
  const revision = doubtAboutRevision(point, mesh);
  return [
    ...(revision === undefined ? [] : [{ what: revision, ports: undefined }]),
    ...attached(point, mesh, 'outbound'),
  ];
}

/** What passes from one network to another goes through gateways, and a machine of another revision may be nobody's. */
export function doubtAboutWorkload(workload: Workload, { openWorkloads }: MeshCluster): string | undefined {
  const open = openWorkloads.size === 0 ? undefined : openWorkloads.get(keyOf(workload));
  return open && `what reaches ${open.what}, of which ${workload.kind} ${keyOf(workload)} is`;
}

function attached(point: Point, mesh: MeshCluster, side: 'inbound' | 'atGateway' | 'outbound'): readonly SenderDoubt[] {
  return mesh.extensions.flatMap((extension) => {
    const { object, namespace, what = `${object.kind} ${namespace}/${object.name}`, [side]: part } = extension;
    if (part === undefined || !attaches(extension, point, mesh)) return [];
    return [{ what: `what ${what} changes`, ports: part.ports }];
  });
}
