import type { IstioSettings, IstioVersion } from '../parse/mesh.js';
import { hasSince } from './releases.js';

/** What settings may ask to be recorded. */
export type RecordFeature = 'accessLogs' | 'metrics' | 'tracing';

/** Who records requests or connections; a waypoint in the namespace of the Service, or in another one. */
export type RecordingPoint = 'sidecar' | 'ztunnel' | 'waypoint' | 'waypointElsewhere' | 'gateway';

/** Whether a Telemetry object for one Service, workload or gateway is obeyed. */
export interface RecordCapability {
  readonly feature: RecordFeature;
  readonly point: RecordingPoint;
  readonly obeyed: boolean;
  /** First version with this behaviour; absent: every version that Ambit knows. */
  readonly since?: IstioVersion;
  readonly fact: string;
  /** For a reader of a refusal: what is recorded instead. */
  readonly because: string;
}

const features: readonly RecordFeature[] = ['accessLogs', 'metrics', 'tracing'];

const everything = (row: Omit<RecordCapability, 'feature'>): readonly RecordCapability[] =>
  features.map((feature) => ({ feature, ...row }));

const ztunnel = (feature: RecordFeature, because: string): RecordCapability => ({
  feature,
  point: 'ztunnel',
  obeyed: false,
  fact: 'istio-traffic-topology F-60',
  because,
});

/** Later rows of one point and feature, with a `since`, replace earlier ones from that version on. */
export const recordCapabilities: readonly RecordCapability[] = [
  ...everything({
    point: 'sidecar',
    obeyed: true,
    fact: 'istio-traffic-topology F-61',
    because: 'a Telemetry selects its pod',
  }),
  ztunnel('accessLogs', 'ztunnel logs connections by settings of its own, and reads no Telemetry'),
  ztunnel('metrics', 'ztunnel counts connections and bytes in metrics of its own, and reads no Telemetry'),
  ztunnel('tracing', 'ztunnel sees no requests, and makes no spans of them'),
  ...everything({
    point: 'waypoint',
    obeyed: true,
    fact: 'istio-traffic-topology F-61',
    because: 'a Telemetry names the Service',
  }),
  ...everything({
    point: 'waypointElsewhere',
    obeyed: false,
    fact: 'istio-traffic-topology F-61',
    because: 'before Istio 1.31 a waypoint is sure to look for a Telemetry in its own namespace alone',
  }),
  ...everything({
    point: 'waypointElsewhere',
    obeyed: true,
    since: '1.31',
    fact: 'istio-traffic-topology F-61',
    because: 'a Telemetry in the namespace of the Service names it',
  }),
  ...everything({
    point: 'gateway',
    obeyed: true,
    fact: 'istio-traffic-topology F-61',
    because: 'a Telemetry names the Gateway, or selects its pods',
  }),
];

/** The row by which a point does not record what it is asked for; `undefined` where it does. */
export function notRecorded(
  feature: RecordFeature,
  point: RecordingPoint,
  { version }: Pick<IstioSettings, 'version'>,
): RecordCapability | undefined {
  const row = recordCapabilities.findLast(
    (each) => each.feature === feature && each.point === point && hasSince(version, each.since),
  );
  return row?.obeyed === true ? undefined : row;
}
