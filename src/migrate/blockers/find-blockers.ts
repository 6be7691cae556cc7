import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { inTextOrder } from '../../diagnostics/order.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import type { Workload } from '../../topology/model.js';
import { computeAnew, type Recall } from '../../util/memory.js';
import type { Target } from '../states/labels-of-state.js';
import {
  holdingAgain,
  mutualTlsOffAtSidecars,
  networkPoliciesForHboneAlone,
  registryOnlyAtSidecars,
} from './back/held-by-sidecars.js';
import { policiesAtWaypoints, settingsAtWaypoints, waypointsAlone } from './back/held-by-waypoints.js';
import { type Blocker, type MigrationScope, migrationContexts } from './context.js';
import { gatewayApi, registryOnly, remoteControlPlanes, sidecarResources } from './installation.js';
import {
  captureAnnotations,
  gatewaysOfNamespaces,
  hostNetworkPods,
  machines,
  mergedMetrics,
  proxylessClients,
  sidecarAnnotations,
  sidecarsBesideAmbient,
  sidecarsWithoutHbone,
  spireIdentities,
} from './pods.js';
import {
  envoyFilters,
  headlessBehindRules,
  mutualTlsOff,
  portsBehindWaypoints,
  proxySettings,
  requestPolicies,
  requestPoliciesAtSidecars,
} from './policies.js';
import {
  clientRoutes,
  egressChains,
  hashesWithoutRoute,
  matchesByClient,
  privateRules,
  rulesForSomeClients,
  subsetsInRoutes,
  twoKindsOfRoutes,
} from './routes.js';
import { hiddenEntries, namespacesUnknown, networkPolicies, waypointsNotAdmitted } from './surroundings.js';

/** B-01 to B-30, what becomes of gateways, and what is not known. */
const toAmbient: readonly Blocker[] = [
  machines,
  spireIdentities,
  mutualTlsOff,
  remoteControlPlanes,
  envoyFilters,
  requestPolicies,
  proxySettings,
  matchesByClient,
  clientRoutes,
  sidecarResources,
  registryOnly,
  twoKindsOfRoutes,
  subsetsInRoutes,
  rulesForSomeClients,
  egressChains,
  headlessBehindRules,
  hostNetworkPods,
  networkPolicies,
  captureAnnotations,
  sidecarAnnotations,
  mergedMetrics,
  sidecarsBesideAmbient,
  proxylessClients,
  sidecarsWithoutHbone,
  portsBehindWaypoints,
  gatewayApi,
  privateRules,
  hiddenEntries,
  waypointsNotAdmitted,
  hashesWithoutRoute,
  gatewaysOfNamespaces,
  namespacesUnknown,
];

/** What only waypoints and ztunnel do, what only sidecars do, and what is not known. */
const toSidecar: readonly Blocker[] = [
  policiesAtWaypoints,
  settingsAtWaypoints,
  waypointsAlone,
  requestPoliciesAtSidecars,
  mutualTlsOffAtSidecars,
  registryOnlyAtSidecars,
  networkPoliciesForHboneAlone,
  holdingAgain,
  namespacesUnknown,
];

const blockersTo: Readonly<Record<Target, readonly Blocker[]>> = { ambient: toAmbient, sidecar: toSidecar };

export interface Blockers {
  readonly diagnostics: readonly Diagnostic[];
  /** The workloads that would move, which were looked at. */
  readonly moving: readonly Workload[];
}

/** What stands between sidecars and ambient: found from manifests, of exactly the workloads that are to move. */
export function findBlockers(
  mesh: Mesh,
  objects: readonly ClusterObject[],
  scope: MigrationScope,
  target: Target,
  recall: Recall = computeAnew,
): Blockers {
  const contexts = migrationContexts(mesh, objects, scope, target, recall);
  return {
    diagnostics: inTextOrder(contexts.flatMap((context) => blockersTo[target].flatMap((blocker) => blocker(context)))),
    moving: contexts.flatMap(({ moving }) => moving),
  };
}
