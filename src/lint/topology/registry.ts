import {
  ambientNotInstalled,
  excludedNamespaces,
  gatewaysNotInjected,
  hostNetworkPods,
  injectAnnotations,
  namespacesNotGiven,
  restartsThatChangeMode,
  sharedServiceAccounts,
} from './enrolment.js';
import { gatewaysOfUnknownRevisions } from './gateway-revisions.js';
import { hiddenFromWaypoints } from './hidden-from-waypoints.js';
import type { Lint } from './lint.js';
import { gatewaysWithoutListeners, listenersLeftOut, listenersUndecided } from './listeners.js';
import { networkPoliciesWithoutHbone } from './network-policies.js';
import { gatewaysNotProgrammed } from './not-programmed.js';
import { unknownRevisions } from './revisions.js';
import { wildcardsWithoutWaypoint } from './service-entries.js';
import {
  headlessServices,
  ingressLabelsWithoutWaypoint,
  mixedPlanes,
  selectorsThatMatchNothing,
  sidecarsBehindWaypoints,
  undeclaredProtocols,
  waypointsOutsideAmbient,
} from './services.js';
import { sidecarAndAmbient } from './sidecar-and-ambient.js';
import { namespacesNotWatched } from './unwatched.js';
import { waypointClaims } from './waypoint-claims.js';
import {
  agentgatewayWaypoints,
  ingressLabelsOnGateways,
  unknownWaypointFor,
  waypointListeners,
  waypointsNamedNone,
} from './waypoint-gateways.js';
import {
  labelsOnControllers,
  labelsWrittenAsAnnotations,
  unknownDataplaneModes,
  unknownInjectionValues,
  waypointNamespaceAlone,
} from './written-labels.js';
import { ztunnelsOfOtherReleases } from './ztunnel-release.js';

/** Every lint of enrolment, from what decides a pod's mode to what lies around its waypoint. */
export const lints: readonly Lint[] = [
  // Labels that Istio does not read at all come first: what follows is judged as if they were absent.
  labelsWrittenAsAnnotations,
  labelsOnControllers,
  unknownDataplaneModes,
  unknownInjectionValues,
  waypointNamespaceAlone,
  // Which mode pods are in.
  namespacesNotGiven,
  namespacesNotWatched,
  unknownRevisions,
  sidecarAndAmbient,
  ambientNotInstalled,
  ztunnelsOfOtherReleases,
  excludedNamespaces,
  hostNetworkPods,
  injectAnnotations,
  gatewaysNotInjected,
  restartsThatChangeMode,
  sharedServiceAccounts,
  // Waypoints as they are declared.
  gatewaysOfUnknownRevisions,
  listenersLeftOut,
  listenersUndecided,
  gatewaysWithoutListeners,
  gatewaysNotProgrammed,
  waypointListeners,
  waypointsNamedNone,
  unknownWaypointFor,
  agentgatewayWaypoints,
  ingressLabelsOnGateways,
  // Who is bound to them, and who passes them by.
  waypointClaims,
  hiddenFromWaypoints,
  waypointsOutsideAmbient,
  ingressLabelsWithoutWaypoint,
  headlessServices,
  undeclaredProtocols,
  sidecarsBehindWaypoints,
  wildcardsWithoutWaypoint,
  // What Services and NetworkPolicies do to pods.
  selectorsThatMatchNothing,
  mixedPlanes,
  networkPoliciesWithoutHbone,
];
