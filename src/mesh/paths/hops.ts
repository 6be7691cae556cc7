import type { ManifestObject } from '../../parse/document.js';
import type { Identity } from '../identity.js';
import type { MeshCluster } from '../mesh.js';
import type { Admission } from '../network-policies/admission.js';
import type { Point } from '../policies/attach.js';
import type { EnvoyChain } from '../policies/envoy.js';
import type { AppliedChanges } from '../routes/follow/changes.js';
import type { Known } from '../truth.js';

/** One enforcement point that a request passes, and how it arrives there (§4.1). */
export interface Hop {
  readonly mesh: MeshCluster;
  readonly point: Point;
  /** ztunnel reads connections only. */
  readonly chain: EnvoyChain;
  readonly peer: Peer;
  /** Whether it comes out of a tunnel of HBONE. */
  readonly tunnelled: boolean;
  /** At a gateway, whose addresses it sees. */
  readonly addresses?: Addresses;
  /** At a gateway: the name for which the client asks in its TLS handshake; nothing where it asks for none. */
  readonly serverName?: Known<string | undefined>;
  /** The destination port there: the Service's at a waypoint, the pod's at ztunnel and sidecars (§4.4). */
  readonly port: number;
  /** What routes made of the request since the hop before; absent where they left it alone. */
  readonly changes?: readonly AppliedChanges[];
  /** Why the request passes here, with the law: "the service is bound to this waypoint (W-13)". */
  readonly because: string;
}

/** Whose certificate the enforcement point sees: the caller's own, a waypoint's in between, or nobody's. */
export type Peer =
  | { readonly kind: 'caller' }
  | { readonly kind: 'proxy'; readonly identity: Identity }
  | { readonly kind: 'nobody' }
  /** A certificate of which nobody knows what it says; `mayFail` where without a right one there is no connection at all. */
  | { readonly kind: 'unknown'; readonly why: string; readonly mayFail: boolean };

/** What a gateway takes for the address of whoever opened the connection, and for that of the client behind proxies. */
export interface Addresses {
  readonly peer: SeenAddress;
  readonly client: SeenAddress;
}

/** The caller's own, or why it is not known. */
export type SeenAddress = 'caller' | { readonly why: string };

/**
 * Whether the address of whoever opened the connection is seen. Behind a tunnel Envoy knows none: a block that is listed
 * never matches there, and one that is excluded always does (§1.3). ztunnel ends the tunnel itself.
 */
export function seesAddress({ point, tunnelled }: Hop): boolean {
  return point.kind === 'ztunnel' || !tunnelled;
}

/** All that an enforcement point sees of whoever called, as far as paths differ in it. */
export function sightOf(hop: Hop): string {
  const { peer, addresses, serverName } = hop;
  const identity = peer.kind === 'proxy' ? peer.identity : undefined;
  return JSON.stringify([peer.kind, identity, seesAddress(hop), addresses, serverName]);
}

/** The way of a request. No hop at all means that nothing stands in its way. */
export type Path =
  | {
      readonly kind: 'path';
      readonly hops: readonly Hop[];
      readonly because: string;
      /** What NetworkPolicies make of it, beside all that stands on it. */
      readonly network?: NetworkStop | undefined;
      /** The NetworkPolicies that were asked whether they let the caller in; absent where there are none. */
      readonly admissions?: readonly Admission[];
    }
  | Stop;

/** Connections that NetworkPolicies stop, or of which it is not known. */
export interface NetworkStop extends Stop {
  readonly policies: readonly ManifestObject[];
  /** Whether whoever asks wants to know what goes that way nonetheless. */
  readonly isOnlyTold?: true;
}

/**
 * What brings a connection to a pod: the first two bring a certificate along. `own-tls` is TLS that a rule asks the client to
 * speak with the application: to proxies bytes of nobody.
 */
export type Carrier = 'hbone' | 'mtls' | 'plaintext' | 'own-tls';

/** There is no such way, or the model does not know it. */
export interface Stop {
  readonly kind: 'no-path' | 'not-modelled';
  readonly because: string;
  /** The client speaks mutual TLS, to a port that was told to take none (§5.1). */
  readonly isOfMode?: true;
  /** The waypoint on the way is told of none of the pods (F-36). */
  readonly isOfWaypoint?: true;
}

/** Of what stops several connections of a way, the first that does so for certain, or else may. */
export function decisive(stops: ReadonlyArray<NetworkStop | undefined>): NetworkStop | undefined {
  return stops.find((stop) => stop?.kind === 'no-path') ?? stops.find((stop) => stop !== undefined);
}

export function noPath(because: string): Stop {
  return { kind: 'no-path', because };
}

export function notModelled(because: string): Stop {
  return { kind: 'not-modelled', because };
}
