import { allowancesLostAtZtunnel } from './allowances-lost-at-ztunnel.js';
import { allowancesLostOnTcp } from './allowances-lost-on-tcp.js';
import { allowancesOfEverything } from './allowances-of-everything.js';
import { allowancesWidenedAtZtunnel } from './allowances-widened-at-ztunnel.js';
import { authorizersCollide } from './authorizers-collide.js';
import { authorizersNotAskedAtZtunnel } from './authorizers-not-asked-at-ztunnel.js';
import { authorizersOnTcp } from './authorizers-on-tcp.js';
import { callersWithoutCertificate } from './callers-without-certificate.js';
import { captureBypassed } from './capture-bypassed.js';
import type { Finding } from './context.js';
import { defaultsNotAtWaypoints } from './defaults-not-at-waypoints.js';
import { denialsBehindWaypoints } from './denials-behind-waypoints.js';
import { denialsLostAtZtunnel } from './denials-lost-at-ztunnel.js';
import { denialsWidenedAtZtunnel } from './denials-widened-at-ztunnel.js';
import { denialsWidenedOnTcp } from './denials-widened-on-tcp.js';
import { emptySelectorsAtZtunnel } from './empty-selectors-at-ztunnel.js';
import { foreignTrustDomains } from './foreign-trust-domains.js';
import { hostsWithoutPort } from './hosts-without-port.js';
import { identitiesAtGateways } from './identities-at-gateways.js';
import { identitiesOfNobody } from './identities-of-nobody.js';
import { matchesLostAtWaypoints } from './matches-lost-at-waypoints.js';
import { negationsForStrangers } from './negations-for-strangers.js';
import { peerModesOfAmbient } from './peer-modes-of-ambient.js';
import { peerPoliciesIgnored } from './peer-policies-ignored.js';
import { peerPortsOfServices } from './peer-ports-of-services.js';
import { policiesForNothing } from './policies-for-nothing.js';
import { policiesOutsideMesh } from './policies-outside-mesh.js';
import { portsOfTheOtherSide } from './ports-of-the-other-side.js';
import { recordsLostAtZtunnel } from './records-lost-at-ztunnel.js';
import { redundantRules } from './redundant-rules.js';
import { routesNobodyReads } from './routes-nobody-reads.js';
import { routesOfWaypoints } from './routes-of-waypoints.js';
import { rulesOutOfReach } from './rules-out-of-reach.js';
import { rulesThatNeverMatch } from './rules-that-never-match.js';
import { selectorsOfWaypoints } from './selectors-of-waypoints.js';
import { sharedGrants } from './shared-grants.js';
import { spiffePrincipals } from './spiffe-principals.js';
import { swallowedAllowances } from './swallowed-allowances.js';
import { targetsWithoutWaypoint } from './targets-without-waypoint.js';
import { tlsSettingsThatShutOut } from './tls-settings-that-shut-out.js';
import { tokensNotRead } from './tokens-not-read.js';
import { tokensNotRequired } from './tokens-not-required.js';
import { tokensUncheckedAtZtunnel } from './tokens-unchecked-at-ztunnel.js';
import { valuesNeverEqual } from './values-never-equal.js';
import { waypointsNotAdmitted } from './waypoints-not-admitted.js';
import { waysAroundWaypoints } from './ways-around-waypoints.js';
import { webhooksRefused } from './webhooks-refused.js';

/** Every finding, from what a plane makes of a policy to what policies make of each other. */
export const findings: readonly Finding[] = [
  // What ztunnel, and proxies on TCP ports, make of a policy that they read in part: the most silent failures first.
  denialsLostAtZtunnel,
  allowancesWidenedAtZtunnel,
  denialsWidenedAtZtunnel,
  allowancesLostAtZtunnel,
  denialsWidenedOnTcp,
  allowancesLostOnTcp,
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
  webhooksRefused,
  // Whom a policy reaches, and who comes another way: waypoints, then pods.
  targetsWithoutWaypoint,
  waysAroundWaypoints,
  waypointsNotAdmitted,
  denialsBehindWaypoints,
  defaultsNotAtWaypoints,
  selectorsOfWaypoints,
  emptySelectorsAtZtunnel,
  policiesOutsideMesh,
  captureBypassed,
  policiesForNothing,
  routesNobodyReads,
  routesOfWaypoints,
  matchesLostAtWaypoints,
  // Values that are compared with something else than their author thought.
  spiffePrincipals,
  foreignTrustDomains,
  portsOfTheOtherSide,
  hostsWithoutPort,
  valuesNeverEqual,
  identitiesOfNobody,
  callersWithoutCertificate,
  negationsForStrangers,
  identitiesAtGateways,
  sharedGrants,
  // What rules are beside each other: only worth asking of rules that mean what they say.
  rulesThatNeverMatch,
  rulesOutOfReach,
  swallowedAllowances,
  allowancesOfEverything,
  redundantRules,
];
