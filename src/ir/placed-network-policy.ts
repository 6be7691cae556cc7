import type { Origin } from '../resolve/resolved.js';
import type { LabelSelector } from '../topology/model.js';

/** What the network plugin lets some pods of a namespace send: policies for the same pods add up. */
export interface PlacedNetworkPolicy {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  readonly egress: readonly PlacedEgressRule[];
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

export type PlacedEgressRule =
  /** Whatever pods the cluster has; or whatever there is, pods or not. */
  | { readonly kind: 'pods' | 'anything' }
  | {
      readonly kind: 'blocks';
      readonly blocks: readonly string[];
      readonly ports: readonly number[];
      /** The rule that opens them. */
      readonly origin: Origin;
    };
