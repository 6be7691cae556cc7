import type { Plane } from '../topology/model.js';

/** How connections come to a pod, as a NetworkPolicy sees them. */
interface Arrival {
  readonly plane: Plane;
  /** Whether whoever has an identity comes by HBONE, on its own port. */
  readonly identitiesByHbone: boolean;
  /** Ports on which the proxy itself answers: metrics and health. */
  readonly ownPorts: readonly number[];
  /** The address from which probes of the kubelet come, where it is not that of the node. */
  readonly probesFrom: string | undefined;
  /** Which pods bring what comes from another network; `undefined` where nothing does. */
  readonly fromNetworks: BetweenNetworks | undefined;
  /** The laws it was read from. */
  readonly fact: string;
}

/** Gateways of a class of Istio's own, once a flag of istiod is on; or those with a listener that passes mutual TLS on. */
export type BetweenNetworks =
  | { readonly kind: 'managed'; readonly by: string; readonly flag: string }
  | { readonly kind: 'passing' };

const arrivals: readonly Arrival[] = [
  {
    plane: 'ambient',
    identitiesByHbone: true,
    ownPorts: [],
    probesFrom: '169.254.7.127/32',
    fromNetworks: { kind: 'managed', by: 'istio.io-eastwest-controller', flag: 'AMBIENT_ENABLE_MULTI_NETWORK' },
    fact: 'istio-traffic-topology W-70, W-71, M-01, M-13',
  },
  {
    plane: 'sidecar',
    identitiesByHbone: false,
    ownPorts: [15020, 15021, 15090],
    probesFrom: undefined,
    fromNetworks: { kind: 'passing' },
    fact: 'istio-security §2.8, istio-traffic-topology M-03',
  },
];

/** What is known of no plane comes to the ports of the pod. */
export function arrivalAtPlane(plane: Plane): Omit<Arrival, 'plane'> {
  const found = arrivals.find((each) => each.plane === plane);
  return found ?? { identitiesByHbone: false, ownPorts: [], probesFrom: undefined, fromNetworks: undefined, fact: '' };
}
