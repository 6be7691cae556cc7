import type { ClusterSettings, IstioVersion } from '../parse/mesh.js';
import { hasSince } from './releases.js';
import type { RoutingPoint } from './traffic.js';

/** Who sends requests or connections on to the pods of a Service. */
export type SendingPoint = RoutingPoint | 'ztunnel';

/** What settings may ask of whoever sends on to pods. */
export type EndpointFeature =
  | 'algorithm'
  | 'passThrough'
  | 'warmup'
  | 'affinity'
  | 'affinityByAddress'
  | 'affinityWithoutRoute'
  | 'nearPods'
  | 'localityDisabled'
  | 'failover'
  | 'distribute'
  | 'limits'
  | 'retryBudget'
  | 'http2KeepAlive'
  | 'outliers'
  | 'tls'
  | 'tlsByFiles'
  | 'tlsByCredential';

/** The kind of object that says it; `Service` by its annotation. */
export type EndpointForm = 'DestinationRule' | 'Service';

/** Whether one form says one feature, and at which points it is obeyed. */
export interface EndpointCapability {
  readonly feature: EndpointFeature;
  readonly form: EndpointForm;
  readonly points: readonly SendingPoint[];
  /** First version with this behaviour; absent: every version that Ambit knows. */
  readonly since?: IstioVersion;
  /** Whether it is done only where the caller's own proxy chooses the pod: not for a Service without virtual IP (F-11). */
  readonly choosesPods: boolean;
  readonly fact: string;
  /** For a reader of a refusal: why it is not obeyed elsewhere. */
  readonly because: string;
}

const choosing: ReadonlySet<EndpointFeature> = new Set([
  'algorithm',
  'warmup',
  'affinity',
  'nearPods',
  'localityDisabled',
  'failover',
  'distribute',
  'outliers',
]);

const proxies: readonly RoutingPoint[] = ['sidecar', 'waypoint', 'gateway'];
const noRules = 'ztunnel reads no DestinationRule';

const rule = (
  feature: EndpointFeature,
  fact: string,
  because: string,
  points: readonly SendingPoint[] = proxies,
): EndpointCapability => ({
  feature,
  form: 'DestinationRule',
  points,
  choosesPods: choosing.has(feature),
  fact: `istio-traffic-topology ${fact}`,
  because,
});

/** Each feature, in the one form that says it. */
export const endpointCapabilities: readonly EndpointCapability[] = [
  rule('algorithm', 'T-41', 'ztunnel chooses a pod for each connection by weight and at random'),
  rule('passThrough', 'F-11', 'only a sidecar is asked for the address of a pod', ['sidecar']),
  rule('warmup', 'T-41', noRules),
  rule('affinity', 'T-40', 'ztunnel chooses a pod for each connection at random'),
  rule('affinityByAddress', 'F-13', 'out of a tunnel of HBONE comes no address of a client', ['sidecar', 'gateway']),
  rule('affinityWithoutRoute', 'T-40', 'a waypoint makes no hash for a Service without routes before 1.31', [
    'sidecar',
    'gateway',
  ]),
  { ...rule('affinityWithoutRoute', 'T-40', 'as at a sidecar', ['waypoint']), since: '1.31' },
  {
    ...rule('nearPods', 'T-42', 'every plane reads it', [...proxies, 'ztunnel']),
    form: 'Service',
  },
  rule('localityDisabled', 'T-43', noRules),
  rule('failover', 'T-43', noRules),
  rule('distribute', 'T-43', noRules),
  rule('limits', 'T-45', noRules),
  rule('retryBudget', 'F-24', noRules),
  { ...rule('http2KeepAlive', 'F-25', 'istiod reads it from 1.31 on'), since: '1.31' },
  rule('outliers', 'T-45', 'ztunnel knows whether pods are ready, and counts no failures'),
  rule('tls', 'T-45', noRules),
  rule('tlsByFiles', 'F-12', 'a waypoint that Istio deploys holds no files of one’s own', ['sidecar', 'gateway']),
  rule('tlsByCredential', 'F-12', 'a sidecar reads a Secret only by a DestinationRule with a `workloadSelector`', [
    'waypoint',
    'gateway',
  ]),
];

/** Why a point does not keep to a feature; `undefined` where it does. */
export function notKept(
  feature: EndpointFeature,
  point: SendingPoint,
  { istio }: Pick<ClusterSettings, 'istio'>,
  isHeadless = false,
): Pick<EndpointCapability, 'because' | 'fact' | 'points' | 'since'> | undefined {
  const rows = endpointCapabilities.filter((row) => row.feature === feature);
  const kept = rows.find(({ points, since }) => points.includes(point) && hasSince(istio.version, since));
  if (kept === undefined) return rows[0];
  return isHeadless && kept.choosesPods && passOn.has(point) ? withoutVirtualIp : undefined;
}

/** Who sends on to the address that a caller asked for, where that is a pod's. */
const passOn: ReadonlySet<SendingPoint> = new Set(['sidecar', 'ztunnel']);

const withoutVirtualIp: ReturnType<typeof notKept> = {
  points: ['gateway'],
  because: 'without a virtual IP it sends straight to the pod that was asked for',
  fact: 'istio-traffic-topology F-11',
};
