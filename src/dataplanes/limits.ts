/** Who stands in front of the pods of a Service, or where requests come in, and may count them. */
export type CountingPoint = 'sidecar' | 'ztunnel' | 'waypoint' | GatewayKind;

type GatewayKind = 'Gateway of Gateway API' | 'Istio’s own Gateway';

/** Whether a point keeps to a limit of requests, and by which kind of object. */
export interface LimitCapability {
  readonly point: CountingPoint;
  /** No API of Istio’s own says it anywhere. */
  readonly form: 'EnvoyFilter' | undefined;
  readonly fact: string;
  readonly because: string;
}

/** Each point once; it is so in every version that Ambit knows. */
export const limitCapabilities: readonly LimitCapability[] = [
  {
    point: 'sidecar',
    form: 'EnvoyFilter',
    fact: 'istio-traffic-topology F-63',
    because: 'it selects the pods, and is for the chains of a port',
  },
  {
    point: 'ztunnel',
    form: undefined,
    fact: 'istio-traffic-topology F-63',
    because: 'ztunnel sees connections, and counts no requests',
  },
  {
    point: 'waypoint',
    form: 'EnvoyFilter',
    fact: 'istio-traffic-topology T-60',
    because: 'it names the Gateway, and is for the chain of a Service and port',
  },
  {
    point: 'Gateway of Gateway API',
    form: 'EnvoyFilter',
    fact: 'istio-traffic-topology F-63',
    because: 'it names the Gateway, and is for the ports of its listeners',
  },
  {
    point: 'Istio’s own Gateway',
    form: 'EnvoyFilter',
    fact: 'istio-traffic-topology F-63',
    because: 'it selects the pods, and is for the ports of the servers',
  },
];

/** The row of a point that keeps to no limit; `undefined` where it does. */
export function notCounted(point: CountingPoint): LimitCapability | undefined {
  return limitCapabilities.find((row) => row.point === point && row.form === undefined);
}
