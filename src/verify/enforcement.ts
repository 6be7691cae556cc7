import { ambientPeerPolicies } from './ambient-peer-authentication.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from './attach.js';
import type { CompiledPolicy } from './compiled.js';
import type { Hop } from './hops.js';
import { flag, type MeshCluster } from './mesh.js';
import { sidecarMode, sidecarScopes } from './peer-authentication.js';
import type { PeerMode, RequestAuthentication } from './policy.js';

/** All that one enforcement point holds against a request: policies as compiled for it, nothing as written. */
export interface Enforcement {
  /** The trust domains whose certificates are accepted; others fail in the handshake (§8.3). */
  readonly trustDomains: readonly string[];
  /** What a sidecar's port accepts; ztunnel and waypoints always offer both or only mutual TLS. */
  readonly peerMode: PeerMode | undefined;
  readonly authentication: readonly RequestAuthentication[];
  readonly policies: readonly CompiledPolicy[];
  /** Whether two external authorizers can stand side by side; if not, both refuse (§7). */
  readonly severalProviders: boolean;
  /** A switch of the deployment that changes enforcement here in a way that is not modelled. */
  readonly notModelled: string | undefined;
}

export function enforcementAt({ mesh, point, chain, port }: Hop): Enforcement {
  const base = {
    severalProviders: flag(mesh, 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS', false) && versionOf(mesh) >= '1.30',
    peerMode: undefined,
    authentication: [],
    notModelled: undefined,
  };
  if (point.kind === 'ztunnel') {
    return { ...base, trustDomains: mesh.trustDomains.slice(0, 1), ...ztunnelPolicies(point, mesh) };
  }
  const enforced = authorizationAt(point, mesh).filter(({ dryRun }) => !dryRun);
  return {
    ...base,
    trustDomains: mesh.trustDomains,
    peerMode: point.kind === 'sidecar' ? peerModeAt(point, mesh, port) : undefined,
    authentication: chain === 'http' ? requestAuthenticationAt(point, mesh) : [],
    policies: enforced.map((forms) => forms[chain]),
  };
}

type PodPoint = Extract<Point, { workload: unknown }>;

function peerModeAt({ workload }: PodPoint, mesh: MeshCluster, port: number): PeerMode {
  return sidecarMode(sidecarScopes(peerAuthenticationAt('sidecar', workload, mesh), mesh.rootNamespace), port);
}

/** PeerAuthentication arrives at ztunnel as DENY policies, beside the authorization it can understand (§2.2, §5.2). */
function ztunnelPolicies(point: PodPoint, mesh: MeshCluster): Pick<Enforcement, 'policies' | 'notModelled'> {
  const { workload } = point;
  const authorization = authorizationAt(point, mesh).filter(({ dryRun }) => !dryRun || enforcesDryRun(mesh));
  const peer = ambientPeerPolicies(peerAuthenticationAt('ztunnel', workload, mesh), mesh.rootNamespace);
  const bindings = [workload.binding, ...workload.services.map((key) => mesh.cluster.services.get(key)?.binding)];
  const implicit =
    flag(mesh, 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY', false) && bindings.some((binding) => binding?.kind === 'bound');
  return {
    policies: [...peer, ...authorization.flatMap(({ ztunnel }) => ztunnel ?? [])],
    notModelled: implicit ? 'the waypoint policy that PILOT_AUTO_ALLOW_WAYPOINT_POLICY adds (W-34)' : undefined,
  };
}

/** A ztunnel before 1.29 ignores the dry-run bit and enforces, once istiod sends such policies at all (§7). */
function enforcesDryRun(mesh: MeshCluster): boolean {
  return flag(mesh, 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', false) && versionOf(mesh) < '1.29';
}

function versionOf({ cluster }: MeshCluster): string {
  return cluster.settings.istio.version;
}
