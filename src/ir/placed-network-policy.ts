import type { Origin } from '../resolve/resolved.js';
import type { LabelSelector, Labels } from '../topology/model.js';

/** What the network plugin lets some pods of a namespace send, or whom it lets send to them: policies for the same pods add up. */
export interface PlacedNetworkPolicy {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  readonly direction: 'ingress' | 'egress';
  readonly rules: readonly PlacedNetworkRule[];
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

export interface PlacedNetworkRule {
  /** `undefined`: whoever it is. */
  readonly peers: readonly PlacedPeer[] | undefined;
  /** `undefined`: every port. */
  readonly ports: readonly number[] | undefined;
  /** The rules that it is there for, and what else needs it. */
  readonly why: readonly string[];
}

export type PlacedPeer =
  | {
      readonly kind: 'pods';
      /** Of namespaces with these labels; `undefined`: of every namespace. */
      readonly namespaces: Labels | undefined;
      /** `undefined`: all of them. */
      readonly labels: Labels | undefined;
    }
  | { readonly kind: 'block'; readonly cidr: string };
