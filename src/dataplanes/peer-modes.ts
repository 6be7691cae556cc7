import type { MtlsMode } from '../parse/ast.js';
import type { Plane } from '../topology/model.js';

/** What a PeerAuthentication calls the modes. */
export const peerModes = {
  Strict: 'STRICT',
  Permissive: 'PERMISSIVE',
  Disabled: 'DISABLE',
} as const satisfies Record<MtlsMode, string>;

export type PeerMode = (typeof peerModes)[MtlsMode];

interface TurningOff {
  readonly enforced: boolean;
  /** The law it was read from. */
  readonly fact: string;
  /** For a reader of a refusal: what there is instead. */
  readonly because: string;
  /** Who still comes with mutual TLS. */
  readonly stillCome: string | undefined;
}

const noProxy = 'no proxy of the mesh stands there that could be told anything';

/** Whether mutual TLS can be turned off at a pod, by how it takes part in the mesh. */
export const turningOffMutualTls: Readonly<Record<Plane, TurningOff>> = {
  sidecar: {
    enforced: true,
    fact: 'istio-security §5.1',
    because: 'its sidecar takes plaintext, and other sidecars send it',
    stillCome: undefined,
  },
  ambient: {
    enforced: false,
    fact: 'istio-security §5.2',
    because: 'ztunnel takes DISABLE for PERMISSIVE; it still accepts HBONE, and uses it as a client',
    stillCome: 'an ambient pod calls it by HBONE and is let in, with mutual TLS',
  },
  waypoint: {
    enforced: false,
    fact: 'istio-security §5.2',
    because: 'a waypoint always wants mutual TLS',
    stillCome: 'an ambient pod calls it by HBONE and is let in, with mutual TLS',
  },
  gateway: {
    enforced: false,
    fact: 'istio-security §4.5',
    because: 'a gateway takes connections as its listeners say',
    stillCome: undefined,
  },
  'east-west': {
    enforced: false,
    fact: 'istio-traffic-topology M-15',
    because: 'between clusters there is mutual TLS alone',
    stillCome: 'a sidecar of another cluster calls it with mutual TLS',
  },
  hbone: { enforced: false, fact: 'istio-security §5.5', because: noProxy, stillCome: undefined },
  none: { enforced: false, fact: 'istio-security §5.5', because: noProxy, stillCome: undefined },
};
