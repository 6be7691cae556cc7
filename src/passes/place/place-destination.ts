import type { DestinationPolicy, PlacedPolicy } from '../../ir/policy-ir.js';
import { isOutside } from '../../resolve/traffic/outside/outside-hosts.js';
import { closureOf, openHost, openToAll } from './at-pods/closure.js';
import { defaultOrigins, podPolicies } from './at-pods/pod-policies.js';
import { atWaypoint } from './at-waypoints/at-waypoint.js';
import { attachedTo } from './attached-to.js';
import { placeAudits } from './audits/place-audits.js';
import { checkCallers } from './checks/check-callers.js';
import { checkDeputies } from './checks/check-deputies.js';
import { checkDestination } from './checks/check-destination.js';
import { checkHosts } from './checks/check-hosts.js';
import { checkServerNames, withoutServerNames } from './checks/check-server-names.js';
import type { PlaceContext } from './context.js';
import { checkExistingPolicies } from './existing/check-existing.js';
import { placeExternal } from './external/place-external.js';
import { checkRoutesPast } from './routes/check-routes-past.js';

/** Every policy that one destination needs: at its waypoint, and at the proxies of its pods, plane by plane. */
export function placeDestination(context: PlaceContext, whole: DestinationPolicy): PlacedPolicy[] {
  checkServerNames(context, whole);
  const policy = withoutServerNames(whole);
  for (const obligation of policy.obligations) {
    checkCallers(context, policy, obligation);
    checkHosts(context, policy, obligation);
  }
  checkDestination(context, policy);
  checkExistingPolicies(context, policy);
  checkRoutesPast(context, policy);
  checkDeputies(context, policy);
  return [
    ...placeExternal(context, policy),
    ...placeAudits(context, policy),
    ...waypointPolicies(context, policy),
    ...podPolicies(context, policy),
  ];
}

function waypointPolicies(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const { waypoint, destination } = policy;
  if (waypoint === undefined) return [];
  const closure = closureOf(context, policy);
  const allow =
    closure === 'closed'
      ? atWaypoint(context, policy, 'Allow')
      : closure === 'reopened'
        ? [isOutside(destination) ? openHost : openToAll]
        : undefined;
  const deny = atWaypoint(context, policy, 'Deny');
  const { cluster, namespace, name } = destination;
  const place = `decided at waypoint ${waypoint.namespace}/${waypoint.name}`;
  const base = { cluster, namespace, attachment: attachedTo(destination), role: 'rules' } as const;
  const accepts = `what requests ${name} accepts, ${place}`;
  const refuses = `what requests ${name} never accepts, ${place}`;
  return [
    ...(allow
      ? [
          {
            ...base,
            name: `${name}-allow`,
            effect: 'Allow' as const,
            purpose: accepts,
            rules: allow,
            origins: defaultOrigins(policy),
          },
        ]
      : []),
    ...(deny.length > 0
      ? [{ ...base, name: `${name}-deny`, effect: 'Deny' as const, purpose: refuses, rules: deny, origins: [] }]
      : []),
  ];
}
