import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { PlacedIr, PolicyIr } from '../ir/policy-ir.js';
import type { Recall } from '../util/memory.js';
import { sortBy } from '../util/order.js';
import { guardPlaintext } from './place/at-pods/guard-plaintext.js';
import { enrolments, plannedWaypoints } from './place/at-waypoints/place-waypoints.js';
import { checkCoverage } from './place/checks/check-coverage.js';
import { checkDisabledModes } from './place/checks/check-disabled-modes.js';
import { checkPins } from './place/checks/check-pins.js';
import { checkReopening } from './place/checks/check-reopening.js';
import { placeClosedEgress } from './place/closed-egress/place-closed-egress.js';
import { placeEgressDenials } from './place/closed-egress/place-denials.js';
import { placeCompanions } from './place/companions/place-companions.js';
import { placeContext } from './place/context.js';
import { checkExistingBesideRules } from './place/existing/check-existing.js';
import { checkSharedPods } from './place/existing/check-peer-authentications.js';
import { checkAuthorizers } from './place/external/check-authorizers.js';
import { placeGatewayPolicies } from './place/gateway-policies/place-gateway-policies.js';
import { placeGatewayTokens } from './place/gateway-policies/place-gateway-tokens.js';
import { placeLimitConfigs } from './place/limits/place-limit-configs.js';
import { placeLimits } from './place/limits/place-limits.js';
import { placeServiceEntries } from './place/outside/place-service-entries.js';
import { placeAgain } from './place/place-again.js';
import { placeDefaults } from './place/place-defaults.js';
import { checkDestinationMtls, placePodMtls, placeWideMtls } from './place/place-mtls.js';
import { placeTraffic } from './place/place-traffic.js';
import { placeSidecars } from './place/reachability/place-sidecars.js';
import { checkPrimaries } from './place/rollouts/check-primaries.js';
import { placeTelemetry } from './place/telemetry/place-telemetry.js';
import { placeTokens } from './place/tokens/place-tokens.js';
import { splitPolicies } from './split-policies.js';

/** Chooses where each obligation is enforced. The one step that turns what must hold into where it is decided. */
export function placeEnforcement(ir: PolicyIr, recall: Recall): Result<PlacedIr> {
  const diagnostics: Diagnostic[] = [];
  const context = placeContext(ir, recall, (found) => diagnostics.push(found));
  const { clusters } = ir.topology;
  checkCoverage(context);
  checkReopening(context);
  checkSharedPods(context);
  checkDisabledModes(context);
  checkAuthorizers(context);
  for (const cluster of clusters) checkExistingBesideRules(context, cluster);
  for (const policy of ir.destinations) checkDestinationMtls(context, policy);
  const policies = [
    ...placeAgain(context, recall),
    ...guardPlaintext(context),
    ...placeGatewayPolicies(context),
    ...clusters.flatMap((cluster) => placeDefaults(context, cluster)),
    ...clusters.flatMap((cluster) => placeEgressDenials(context, cluster)),
  ];
  checkPins(context, policies);
  const limits = placeLimits(context);
  const value = {
    topology: ir.topology,
    policies: splitPolicies(
      sortBy(
        policies,
        ({ cluster }) => cluster,
        ({ namespace }) => namespace,
        ({ name }) => name,
      ),
    ),
    peerAuthentications: sortBy(
      [...clusters.flatMap((cluster) => placeWideMtls(context, cluster)), ...placePodMtls(context)],
      ({ cluster }) => cluster,
      ({ namespace }) => namespace,
      ({ name }) => name,
    ),
    requestAuthentications: [
      ...ir.destinations.flatMap((policy) => placeTokens(context, policy)),
      ...placeGatewayTokens(context),
    ],
    waypoints: plannedWaypoints(context),
    enrolments: enrolments(context),
    serviceEntries: placeServiceEntries(context),
    plannedGateways: ir.plannedGateways,
    ...placeTraffic(context),
    sidecars: placeSidecars(context),
    networkPolicies: [...placeClosedEgress(context), ...placeCompanions(context)],
    telemetry: placeTelemetry(context),
    limits,
    limitConfigs: placeLimitConfigs(context, limits),
  };
  checkPrimaries(context, value);
  return { value: { ...value, acceptedGaps: [...context.acceptedGaps.values()] }, diagnostics };
}
