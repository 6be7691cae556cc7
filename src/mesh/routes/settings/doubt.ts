import type { JsonValue } from '../../../parse/document.js';
import { doubtAt, doubtsAboutSender } from '../../doubts/doubts.js';
import { extentOf } from '../../doubts/extensions.js';
import { asArray, asObject } from '../../json.js';
import type { MeshCluster } from '../../mesh.js';
import { attaches, type Point } from '../../policies/attach.js';

/** What may change what a proxy keeps to, beside its routes and DestinationRules: with requests, and with what it sends to. */
export interface DoubtOfProxy {
  readonly request: string | undefined;
  readonly backend: string | undefined;
}

export const noDoubt: DoubtOfProxy = { request: undefined, backend: undefined };

export function doubtOfProxy(mesh: MeshCluster, point: Point, port: number): DoubtOfProxy {
  const request =
    point.kind === 'waypoint'
      ? doubtAt(point, port, mesh)
      : doubtsAboutSender(point, mesh).find(({ ports }) => ports?.includes(port) ?? true)?.what;
  return { request, backend: request ?? clusterPatch(mesh, point) };
}

/** Patches of clusters change neither where requests go nor as whom, and all else. */
function clusterPatch(mesh: MeshCluster, point: Point): string | undefined {
  const found = mesh.cluster.extensions.find(
    (object) =>
      object.kind === 'EnvoyFilter' &&
      asArray(asObject(object.value.spec)?.configPatches).some((patch) => isForCluster(patch, point)) &&
      attaches(extentOf(object, 'workloadSelector', 'labels'), point, mesh),
  );
  return found && `what EnvoyFilter ${found.namespace ?? 'default'}/${found.name} changes`;
}

const contexts = { sidecar: 'SIDECAR_OUTBOUND', gateway: 'GATEWAY', waypoint: 'SIDECAR_INBOUND', ztunnel: '' } as const;

function isForCluster(patch: JsonValue, { kind }: Point): boolean {
  const { applyTo, match } = asObject(patch) ?? {};
  const context = asObject(match)?.context ?? 'ANY';
  return applyTo === 'CLUSTER' && (context === 'ANY' || context === contexts[kind]);
}
