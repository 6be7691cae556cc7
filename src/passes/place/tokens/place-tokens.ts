import { capability, podPoint } from '../../../dataplanes/capabilities.js';
import type { DestinationPolicy, Obligation, PlacedRequestAuthentication } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { exactSelectors, namedSelectors } from '../at-pods/selectors.js';
import type { PlaceContext } from '../context.js';
import { destinationSpan } from '../destination-span.js';
import { objectName } from '../object-name.js';
import { askedIssuers } from './asked-issuers.js';
import { checkExistingAuthentications } from './check-existing.js';
import { checkGatewaysBefore } from './check-gateways.js';
import { tellOfForeignTokens } from './foreign-tokens.js';

/** Validates the tokens that the rules of a destination ask about, at every proxy that decides them. */
export function placeTokens(context: PlaceContext, policy: DestinationPolicy): PlacedRequestAuthentication[] {
  const asking = policy.obligations.filter(({ issuers }) => issuers.length > 0);
  if (asking.length === 0) return [];
  const issuers = askedIssuers(asking);
  checkExistingAuthentications(context, policy, issuers);
  tellOfForeignTokens(context, {
    destination: destinationLabel(policy.destination),
    issuers,
    open: policy.obligations
      .filter((each) => each.effect === 'Allow' && isOpenToTokens(each))
      .map(({ origin }) => origin),
    openDefault: policy.default?.value === 'Deny' ? undefined : (policy.default?.origin.span ?? asking[0]?.span),
  });
  for (const obligation of asking) checkGatewaysBefore(context, policy, obligation);
  const { cluster, namespace } = policy.destination;
  const base = { cluster, namespace, issuers, origins: asking.map(({ origin }) => origin) };
  return [...atWaypoint(policy, base), ...atPods(context, policy, base)];
}

function isOpenToTokens({ issuers, ports }: Obligation): boolean {
  return issuers.length === 0 && (ports?.some(({ layer }) => layer !== 'tcp') ?? true);
}

type Base = Pick<PlacedRequestAuthentication, 'cluster' | 'namespace' | 'issuers' | 'origins'>;

function atWaypoint({ destination, waypoint }: DestinationPolicy, base: Base): PlacedRequestAuthentication[] {
  if (waypoint === undefined) return [];
  const { name } = destination;
  const purpose = `whose tokens ${name} accepts, decided at waypoint ${waypoint.namespace}/${waypoint.name}`;
  return [{ ...base, name: `${name}-tokens`, attachment: { kind: 'service', name }, purpose }];
}

/** ztunnel reads no tokens: where a waypoint stands before some of the pods, the others are told from them. */
function atPods(context: PlaceContext, policy: DestinationPolicy, base: Base): PlacedRequestAuthentication[] {
  const { destination, waypoint } = policy;
  const cluster = context.clusterOf(policy);
  const workloads = destination.workloads.filter(({ mode }) => {
    const point = podPoint[mode.plane];
    return point !== undefined && capability(point, 'token', cluster.settings.istio).enforced;
  });
  const service = workloads.length === destination.workloads.length ? destination.service : undefined;
  const selectors = exactSelectors(context, cluster, workloads, service, destinationSpan(policy));
  const name = `${objectName(destination)}-tokens${waypoint ? '-sidecar' : ''}`;
  const purpose = `whose tokens ${destination.name} accepts, decided at the sidecar`;
  return namedSelectors(name, selectors, workloads).map(({ name, labels }) => {
    return { ...base, name, attachment: { kind: 'selector', labels }, purpose };
  });
}
