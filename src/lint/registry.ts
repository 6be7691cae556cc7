import { refusedObjects } from '../mesh/admission/refused-objects.js';
import { captureBypassed } from './attachment/capture-bypassed.js';
import { defaultsNotAtWaypoints } from './attachment/defaults-not-at-waypoints.js';
import { denialsBehindWaypoints } from './attachment/denials-behind-waypoints.js';
import { emptySelectorsAtZtunnel } from './attachment/empty-selectors-at-ztunnel.js';
import { matchesLostAtWaypoints } from './attachment/matches-lost-at-waypoints.js';
import { policiesForNothing } from './attachment/policies-for-nothing.js';
import { policiesOutsideMesh } from './attachment/policies-outside-mesh.js';
import { routesNobodyReads } from './attachment/routes-nobody-reads.js';
import { routesOfWaypoints } from './attachment/routes-of-waypoints.js';
import { selectorsOfWaypoints } from './attachment/selectors-of-waypoints.js';
import { targetsWithoutWaypoint } from './attachment/targets-without-waypoint.js';
import { unreadProxySettings } from './attachment/unread-proxy-settings.js';
import { waypointOfAnother } from './attachment/waypoint-of-another.js';
import { waypointsNotAdmitted } from './attachment/waypoints-not-admitted.js';
import { waysAroundWaypoints } from './attachment/ways-around-waypoints.js';
import type { Finding } from './context.js';
import { proxiesCutOff } from './network-policies/control-plane.js';
import { portsWithinTunnel, probesNotAdmitted } from './network-policies/probes-and-ports.js';
import { waypointsCutOff } from './network-policies/waypoints-cut-off.js';
import { allowRulesLostAtEntries } from './planes/allow-rules-lost-at-entries.js';
import { allowRulesLostAtZtunnel } from './planes/allow-rules-lost-at-ztunnel.js';
import { allowRulesLostOnTcp } from './planes/allow-rules-lost-on-tcp.js';
import { allowRulesWidenedAtZtunnel } from './planes/allow-rules-widened-at-ztunnel.js';
import { apiServerRefused } from './planes/api-server-refused.js';
import { authorizersCollide } from './planes/authorizers-collide.js';
import { authorizersNotAskedAtZtunnel } from './planes/authorizers-not-asked-at-ztunnel.js';
import { authorizersOnTcp } from './planes/authorizers-on-tcp.js';
import { denialsLostAtZtunnel } from './planes/denials-lost-at-ztunnel.js';
import { denialsWidenedAtZtunnel } from './planes/denials-widened-at-ztunnel.js';
import { denialsWidenedOnTcp } from './planes/denials-widened-on-tcp.js';
import { identitiesInPlaintext } from './planes/identities-in-plaintext.js';
import { peerModesOfAmbient } from './planes/peer-modes-of-ambient.js';
import { peerPoliciesIgnored } from './planes/peer-policies-ignored.js';
import { peerPortsOfServices } from './planes/peer-ports-of-services.js';
import { probesRefused } from './planes/probes-refused.js';
import { recordsLostAtZtunnel } from './planes/records-lost-at-ztunnel.js';
import { tlsSettingsThatShutOut } from './planes/tls-settings-that-shut-out.js';
import { tokensNotRead } from './planes/tokens-not-read.js';
import { tokensNotRequired } from './planes/tokens-not-required.js';
import { tokensUncheckedAtZtunnel } from './planes/tokens-unchecked-at-ztunnel.js';
import { authoritiesOfOthers } from './routes/authorities.js';
import { backendsWithoutVirtualIp } from './routes/backends-without-virtual-ip.js';
import { claimsNotRead } from './routes/claims.js';
import { credentials } from './routes/credentials.js';
import { delegatesOfNobody, rulesLeftOut } from './routes/delegates.js';
import { deprecatedFields } from './routes/deprecated-fields.js';
import { destinationsMissing } from './routes/destinations-missing.js';
import { expressionsNotRe2 } from './routes/expressions-not-re2.js';
import { gatewayBindings } from './routes/gateway-bindings.js';
import { certificatesShared, gatewaysCollide } from './routes/gateways-collide.js';
import { gatewaysForNothing, serversOutOfReach } from './routes/gateways-for-nothing.js';
import { hiddenRules } from './routes/hidden-rules.js';
import { hiddenSettings } from './routes/hidden-settings.js';
import { hostnamesNotRead } from './routes/hostnames-not-read.js';
import { ingressPastPolicies } from './routes/ingress-past-policies.js';
import { ingressPastRoutes } from './routes/ingress-past-routes.js';
import { listenerSetsForNothing } from './routes/listener-sets-for-nothing.js';
import { hostsWithTwoOwners, routesOverridden } from './routes/owners.js';
import { patchesUnhooked } from './routes/patches-unhooked.js';
import { portsOfParents } from './routes/ports-of-parents.js';
import { protocolsDisagree } from './routes/protocols-disagree.js';
import { registryOnlyInAmbient } from './routes/registry-only.js';
import { rewrittenPastPolicies } from './routes/rewritten-past-policies.js';
import { routesIgnored } from './routes/routes-ignored.js';
import { routesNotFollowed } from './routes/routes-not-followed.js';
import { routesPastRoutes } from './routes/routes-past-routes.js';
import { rulesForTheSame } from './routes/rules-for-the-same.js';
import { rulesWithoutBackends } from './routes/rules-without-backends.js';
import { entriesCollide, entriesWithoutAddress } from './routes/service-entries.js';
import { settingsForNothing } from './routes/settings-for-nothing.js';
import { sidecarsCollide, sidecarsForNothing } from './routes/sidecars.js';
import { statusesThatSayNo } from './routes/statuses.js';
import { subsetsMissing, subsetsWithoutPods } from './routes/subsets.js';
import { tlsPoliciesForNothing } from './routes/tls-policies-for-nothing.js';
import { unmatchedRequests } from './routes/unmatched.js';
import { versionsNotSeen } from './routes/versions-not-seen.js';
import { allowRulesForEverything } from './rules/allow-rules-for-everything.js';
import { fieldsLeftEmpty } from './rules/fields-left-empty.js';
import { redundantRules } from './rules/redundant-rules.js';
import { rulesForEverything } from './rules/rules-for-everything.js';
import { rulesOutOfReach } from './rules/rules-out-of-reach.js';
import { rulesThatNeverMatch } from './rules/rules-that-never-match.js';
import { swallowedAllowRules } from './rules/swallowed-allow-rules.js';
import { addressesBehindTunnels } from './values/addresses-behind-tunnels.js';
import { booleansAsText } from './values/booleans-as-text.js';
import { callersShutOut } from './values/callers-shut-out.js';
import { callersWithoutCertificate } from './values/callers-without-certificate.js';
import { foreignTrustDomains } from './values/foreign-trust-domains.js';
import { hostsOfOneName } from './values/hosts-of-one-name.js';
import { hostsWithoutPort } from './values/hosts-without-port.js';
import { identitiesAtGateways } from './values/identities-at-gateways.js';
import { identitiesOfNobody } from './values/identities-of-nobody.js';
import { negationsForUnauthenticated } from './values/negations-for-unauthenticated.js';
import { portsOfTheOtherSide } from './values/ports-of-the-other-side.js';
import { sharedGrants } from './values/shared-grants.js';
import { spiffePrincipals } from './values/spiffe-principals.js';
import { valuesNeverEqual } from './values/values-never-equal.js';

/** Every finding, from what a plane makes of a policy to what policies make of each other. */
export const findings: readonly Finding[] = [
  // What ztunnel, and proxies on TCP ports, make of a policy that they read in part: the most silent failures first.
  denialsLostAtZtunnel,
  allowRulesWidenedAtZtunnel,
  denialsWidenedAtZtunnel,
  allowRulesLostAtZtunnel,
  denialsWidenedOnTcp,
  allowRulesLostOnTcp,
  allowRulesLostAtEntries,
  authorizersNotAskedAtZtunnel,
  authorizersOnTcp,
  tokensUncheckedAtZtunnel,
  recordsLostAtZtunnel,
  authorizersCollide,
  tokensNotRead,
  tokensNotRequired,
  peerModesOfAmbient,
  peerPoliciesIgnored,
  peerPortsOfServices,
  tlsSettingsThatShutOut,
  identitiesInPlaintext,
  apiServerRefused,
  probesRefused,
  // Whom a policy reaches, and who comes another way: waypoints, then pods.
  targetsWithoutWaypoint,
  waysAroundWaypoints,
  waypointOfAnother,
  waypointsNotAdmitted,
  denialsBehindWaypoints,
  defaultsNotAtWaypoints,
  selectorsOfWaypoints,
  emptySelectorsAtZtunnel,
  policiesOutsideMesh,
  captureBypassed,
  unreadProxySettings,
  policiesForNothing,
  routesNobodyReads,
  routesOfWaypoints,
  matchesLostAtWaypoints,
  // Values that are compared with something else than their author thought.
  addressesBehindTunnels,
  spiffePrincipals,
  foreignTrustDomains,
  portsOfTheOtherSide,
  hostsWithoutPort,
  hostsOfOneName,
  valuesNeverEqual,
  booleansAsText,
  identitiesOfNobody,
  callersWithoutCertificate,
  callersShutOut,
  negationsForUnauthenticated,
  identitiesAtGateways,
  sharedGrants,
  // What rules are beside each other: only worth asking of rules that mean what they say.
  fieldsLeftEmpty,
  rulesThatNeverMatch,
  rulesOutOfReach,
  swallowedAllowRules,
  rulesForEverything,
  allowRulesForEverything,
  redundantRules,
  // What routes, and where it leads: what is not there at all, then what is not served, then what leads to nothing.
  ({ mesh }) => refusedObjects(mesh.topology),
  routesIgnored,
  expressionsNotRe2,
  routesNotFollowed,
  portsOfParents,
  delegatesOfNobody,
  rulesLeftOut,
  gatewaysForNothing,
  serversOutOfReach,
  gatewaysCollide,
  certificatesShared,
  credentials,
  listenerSetsForNothing,
  gatewayBindings,
  claimsNotRead,
  ingressPastPolicies,
  ingressPastRoutes,
  routesPastRoutes,
  rewrittenPastPolicies,
  patchesUnhooked,
  hostnamesNotRead,
  hostsWithTwoOwners,
  routesOverridden,
  authoritiesOfOthers,
  rulesForTheSame,
  hiddenRules,
  unmatchedRequests,
  destinationsMissing,
  rulesWithoutBackends,
  backendsWithoutVirtualIp,
  subsetsMissing,
  versionsNotSeen,
  subsetsWithoutPods,
  settingsForNothing,
  tlsPoliciesForNothing,
  hiddenSettings,
  protocolsDisagree,
  sidecarsCollide,
  sidecarsForNothing,
  registryOnlyInAmbient,
  // What NetworkPolicies make of the connections of which a mesh consists.
  waypointsCutOff,
  proxiesCutOff,
  probesNotAdmitted,
  portsWithinTunnel,
  entriesWithoutAddress,
  entriesCollide,
  statusesThatSayNo,
  deprecatedFields,
];
