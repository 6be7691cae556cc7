/** Who stands in front of the pods of a Service, or where requests come in, and may count them. */
export type CountingPoint = 'sidecar' | 'ztunnel' | 'waypoint' | GatewayKind;

type GatewayKind = 'Gateway of Gateway API' | 'Istio’s own Gateway';

/** Whose count it is: that of each proxy, or one of all proxies that a service keeps. */
export type CountKind = 'own' | 'shared';

/** Whether a point keeps to a limit of requests, and by which kind of object. */
export interface LimitCapability {
  readonly point: CountingPoint;
  readonly count: CountKind;
  /** No API of Istio’s own says it anywhere. */
  readonly form: 'EnvoyFilter' | undefined;
  readonly fact: string;
  readonly because: string;
}

const [own, shared] = ['istio-traffic-topology F-63', 'istio-traffic-topology F-64'];

/** Each point once for each kind of count; it is so in every version that Ambit knows. */
export const limitCapabilities: readonly LimitCapability[] = [
  {
    point: 'sidecar',
    count: 'own',
    form: 'EnvoyFilter',
    fact: own,
    because: 'it selects the pods, and is for the chains of a port',
  },
  {
    point: 'sidecar',
    count: 'shared',
    form: 'EnvoyFilter',
    fact: shared,
    because: 'the same, and a Sidecar of Ambit’s lists the service',
  },
  {
    point: 'ztunnel',
    count: 'own',
    form: undefined,
    fact: own,
    because: 'ztunnel sees connections, and counts no requests',
  },
  {
    point: 'ztunnel',
    count: 'shared',
    form: undefined,
    fact: own,
    because: 'ztunnel sees connections, and asks nobody',
  },
  {
    point: 'waypoint',
    count: 'own',
    form: 'EnvoyFilter',
    fact: 'istio-traffic-topology T-60',
    because: 'it names the Gateway, and is for the chain of a Service and port',
  },
  {
    point: 'waypoint',
    count: 'shared',
    form: 'EnvoyFilter',
    fact: 'istio-traffic-topology F-64',
    because: 'the same, with an annotation that names the service',
  },
  {
    point: 'Gateway of Gateway API',
    count: 'own',
    form: 'EnvoyFilter',
    fact: own,
    because: 'it names the Gateway, and is for the ports of its listeners',
  },
  {
    point: 'Gateway of Gateway API',
    count: 'shared',
    form: 'EnvoyFilter',
    fact: shared,
    because: 'the same, with an annotation that names the service',
  },
  {
    point: 'Istio’s own Gateway',
    count: 'own',
    form: 'EnvoyFilter',
    fact: own,
    because: 'it selects the pods, and is for the ports of the servers',
  },
  {
    point: 'Istio’s own Gateway',
    count: 'shared',
    form: 'EnvoyFilter',
    fact: shared,
    because: 'the same, with an annotation that names the service',
  },
];

/** The row of a point that keeps to no limit; `undefined` where it does. */
export function notCounted(point: CountingPoint): LimitCapability | undefined {
  return limitCapabilities.find((row) => row.point === point && row.form === undefined);
}
