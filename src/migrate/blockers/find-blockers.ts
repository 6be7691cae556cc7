import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { inTextOrder } from '../../diagnostics/order.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import type { Workload } from '../../topology/model.js';
import { type Blocker, type MigrationScope, migrationContexts } from './context.js';
import { gatewayApi, registryOnly, remoteControlPlanes, sidecarResources } from './installation.js';
import {
  captureAnnotations,
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
import { hiddenEntries, networkPolicies, waypointsNotAdmitted } from './surroundings.js';

/** B-01 to B-30, in the order of their codes. */
const blockers: readonly Blocker[] = [
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
];

export interface Blockers {
  readonly diagnostics: readonly Diagnostic[];
  /** The workloads that run with sidecars and were looked at. */
  readonly moving: readonly Workload[];
}

/** What stands between sidecars and ambient: found from manifests, of exactly the workloads that are to move. */
export function findBlockers(mesh: Mesh, objects: readonly ClusterObject[], scope: MigrationScope): Blockers {
  const contexts = migrationContexts(mesh, objects, scope);
  return {
    diagnostics: inTextOrder(contexts.flatMap((context) => blockers.flatMap((blocker) => blocker(context)))),
    moving: contexts.flatMap(({ moving }) => moving),
  };
}
