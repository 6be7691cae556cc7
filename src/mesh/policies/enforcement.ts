import type { ExtensionProvider } from '../../parse/mesh.js';
import { sortedUnique } from '../../util/order.js';
import { doubtAt } from '../doubts/doubts.js';
import { flag, type MeshCluster } from '../mesh.js';
import type { Hop } from '../paths/hops.js';
import { ambientPeerPolicies } from './ambient-peer-authentication.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from './attach.js';
import type { CompiledPolicy } from './compiled.js';
import type { EnvoyChain } from './envoy.js';
import { foreignPolicyAt } from './foreign-policies.js';
import { sidecarMode, sidecarScopes, undecidedRivals } from './peer-authentication.js';
import type { PeerAuthentication, PeerMode, RequestAuthentication } from './policy.js';
import { waypointAllowances } from './waypoint-implicit-allows.js';

/** All that one enforcement point holds against a request: policies as compiled for it, nothing as written. */
export interface Enforcement {
  /** The trust domains whose certificates are accepted; others fail in the handshake (§8.3). */
  readonly trustDomains: readonly string[];
  /** What a sidecar's port accepts; ztunnel and waypoints always offer both or only mutual TLS. */
  readonly peerMode: PeerMode | undefined;
  readonly authentication: readonly RequestAuthentication[];
  readonly policies: readonly CompiledPolicy[];
  /** External authorizers that are never asked, and why: whatever their policies select is refused (§7). */
  readonly refusedProviders: ReadonlyMap<string, string>;
  /** External authorizers of which it is not known whether they are there, and why. */
  readonly doubtfulProviders: ReadonlyMap<string, string>;
  /** External authorizers that speak HTTP, where connections arrive: nobody asks them (§2.5). */
  readonly unaskedProviders: ReadonlySet<string>;
  /** What decides about plaintext here and the manifests do not tell. */
  readonly notModelled: string | undefined;
  /** What decides about everything here and the manifests do not tell. */
  readonly undecided?: string | undefined;
}

const nothing = {
  refusedProviders: new Map<string, string>(),
  doubtfulProviders: new Map<string, string>(),
  unaskedProviders: new Set<string>(),
  peerMode: undefined,
  authentication: [],
  notModelled: undefined,
} as const satisfies Partial<Enforcement>;

export function enforcementAt({ mesh, point, chain, port }: Hop): Enforcement {
  const base = { ...nothing, undecided: foreignPolicyAt(point, mesh) ?? doubtAt(point, port, mesh) };
  if (point.kind === 'ztunnel') {
    return { ...base, trustDomains: mesh.trustDomains.slice(0, 1), ...ztunnelPolicies(point, mesh) };
  }
  const enforced = authorizationAt(point, mesh).filter(({ dryRun }) => !dryRun);
  const policies = enforced.map((forms) => forms[chain]);
  return {
    ...base,
    ...(point.kind === 'sidecar' ? sidecarPeers(point, mesh, port) : {}),
    trustDomains: mesh.trustDomains,
    authentication: chain === 'http' ? requestAuthenticationAt(point, mesh) : [],
    ...absentProviders(policies, mesh, chain),
    policies,
  };
}

/**
 * Two names where one is allowed refuse all they would ask, and so does a name that the MeshConfig does not have (§7), as
 * far as all of it is known. On a
 * TCP chain a name says nothing by itself: only providers that speak gRPC are there at all (§2.5).
 */
function absentProviders(
  policies: readonly CompiledPolicy[],
  mesh: MeshCluster,
  chain: EnvoyChain,
): Partial<Pick<Enforcement, 'refusedProviders' | 'doubtfulProviders' | 'unaskedProviders'>> {
  const custom = policies.filter(({ action }) => action === 'CUSTOM');
  const names = sortedUnique(custom.map(({ provider = '' }) => provider));
  const several = flag(mesh, 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS') && versionOf(mesh) >= '1.30';
  if (names.length > 1 && !several) {
    const because = 'several external authorizers for one workload refuse (§7)';
    return { refusedProviders: new Map(names.map((name) => [name, because])) };
  }
  const { extensionProviders, knowsAllProviders } = mesh.cluster.settings.istio;
  if (chain === 'tcp') return onConnections(names, extensionProviders);
  const known = extensionProviders?.map(({ name }) => name);
  const missing = names.filter((name) => known?.includes(name) === false);
  if (knowsAllProviders) {
    const because = (name: string) => `no extension provider is called \`${name}\`, which refuses (§7)`;
    return { refusedProviders: new Map(missing.map((name) => [name, because(name)])) };
  }
  return { doubtfulProviders: new Map(missing.map((name) => [name, notAmongKnown(name)])) };
}

function onConnections(names: readonly string[], providers: readonly ExtensionProvider[] = []) {
  const kindOf = (provider: string) => providers.find(({ name }) => name === provider)?.asked?.kind;
  const unknown = names.filter((name) => kindOf(name) === undefined);
  return {
    unaskedProviders: new Set(names.filter((name) => kindOf(name) === 'http')),
    doubtfulProviders: new Map(
      unknown.map((name) => [name, `whether provider \`${name}\` speaks gRPC (§2.5)`] as const),
    ),
  };
}

function notAmongKnown(name: string): string {
  return `whether there is an extension provider \`${name}\`; the MeshConfig among the manifests has none, and a second ConfigMap may add it (§7)`;
}

/** The policies by which external authorizers are asked at all. */
export function askingPolicies({ policies, unaskedProviders }: Enforcement): readonly CompiledPolicy[] {
  return policies.filter(({ action, provider = '' }) => action === 'CUSTOM' && !unaskedProviders.has(provider));
}

type PodPoint = Extract<Point, { workload: unknown }>;

function sidecarPeers({ workload }: PodPoint, mesh: MeshCluster, port: number) {
  const policies = peerAuthenticationAt('sidecar', workload, mesh);
  const undecided = undecidedAmong(policies, mesh);
  if (undecided !== undefined) return { peerMode: undefined, notModelled: undecided };
  return { peerMode: sidecarMode(sidecarScopes(policies, mesh.rootNamespace), port), notModelled: undefined };
}

/** PeerAuthentication arrives at ztunnel as DENY policies, beside the authorization it can understand (§2.2, §5.2). */
function ztunnelPolicies(point: PodPoint, mesh: MeshCluster): Pick<Enforcement, 'policies' | 'notModelled'> {
  const authorization = authorizationAt(point, mesh).filter(({ dryRun }) => !dryRun);
  const peers = peerAuthenticationAt('ztunnel', point.workload, mesh);
  const undecided = undecidedAmong(peers, mesh);
  const converted = undecided === undefined ? ambientPeerPolicies(peers, mesh.rootNamespace) : [];
  const allowed = waypointAllowances(point.workload, mesh);
  return {
    policies: [...converted, ...allowed, ...authorization.flatMap(({ ztunnel }) => ztunnel ?? [])],
    notModelled: undecided,
  };
}

/** Istio keeps the oldest policy of a scope, and manifests without a date do not say which that is (§5.1). */
function undecidedAmong(policies: readonly PeerAuthentication[], mesh: MeshCluster): string | undefined {
  const undecided = undecidedRivals(policies, mesh.rootNamespace);
  if (undecided.length === 0) return undefined;
  const names = undecided.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return `which of PeerAuthentication ${names} is the oldest (§5.1)`;
}

function versionOf({ cluster }: MeshCluster): string {
  return cluster.settings.istio.version;
}
