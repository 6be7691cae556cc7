import type { IstioSettings } from '../topology/mesh.js';
import type { Plane } from '../topology/model.js';
import { assert } from '../util/assert.js';

/** How a request that is addressed to a Service arrives at its pods. */
export type Arrival =
  /** Through the service's waypoint, which sees the caller; the pod sees the waypoint. */
  | 'waypoint'
  /** Straight to the pod, with the caller's identity. */
  | 'direct'
  /** Straight to the pod, without an identity. */
  | 'plaintext';

/** What decides how a request arrives, besides who sends it. */
export interface Passage {
  /** The Service has a virtual IP and a waypoint that serves it. */
  readonly waypoint: boolean;
  /** Ingress gateways are told to use the waypoint. */
  readonly ingress: boolean;
  /** The destination pod accepts HBONE. */
  readonly hbone: boolean;
}

interface ArrivalRow {
  readonly caller: Plane;
  readonly when: Partial<Passage>;
  /** istiod's flag that must be on, with its default. */
  readonly flag?: { readonly name: string; readonly default: boolean };
  readonly arrives: Arrival;
  readonly fact: string;
}

/** The first row that fits decides. */
export const arrivals: readonly ArrivalRow[] = [
  { caller: 'ambient', when: { waypoint: true }, arrives: 'waypoint', fact: 'istio-security §4.5' },
  { caller: 'ambient', when: { hbone: true }, arrives: 'direct', fact: 'istio-security §4.1' },
  { caller: 'ambient', when: {}, arrives: 'plaintext', fact: 'istio-traffic-topology §4.2' },
  { caller: 'sidecar', when: {}, arrives: 'direct', fact: 'istio-traffic-topology I-02' },
  {
    caller: 'gateway',
    when: { waypoint: true, ingress: true },
    flag: { name: 'ENABLE_INGRESS_WAYPOINT_ROUTING', default: true },
    arrives: 'waypoint',
    fact: 'istio-traffic-topology W-60, W-62',
  },
  { caller: 'gateway', when: {}, arrives: 'direct', fact: 'istio-security §4.5' },
  { caller: 'hbone', when: {}, arrives: 'direct', fact: 'istio-traffic-topology T-55' },
  { caller: 'waypoint', when: {}, arrives: 'direct', fact: 'istio-security §4.5' },
  { caller: 'east-west', when: {}, arrives: 'direct', fact: 'istio-traffic-topology M-27' },
  { caller: 'none', when: {}, arrives: 'plaintext', fact: 'istio-security §4.5' },
];

export function arrivalOf(caller: Plane, passage: Passage, istio: IstioSettings): ArrivalRow {
  const row = arrivals.find((each) => each.caller === caller && fits(each, passage) && isOn(each, istio));
  assert(row !== undefined, `no arrival row for ${caller}`);
  return row;
}

function fits({ when }: ArrivalRow, passage: Passage): boolean {
  return (Object.keys(when) as Array<keyof Passage>).every((key) => when[key] === passage[key]);
}

function isOn({ flag }: ArrivalRow, istio: IstioSettings): boolean {
  return flag === undefined || (istio.flags[flag.name] ?? flag.default);
}
