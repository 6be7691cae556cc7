import type { Origin } from '../resolve/resolved.js';
import type { LabelSelector, Labels } from '../topology/model.js';

/** Whom the network plugin lets send to some pods of a namespace, beside what Istio enforces. */
export interface PlacedCompanion {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  readonly ingress: readonly PlacedIngressRule[];
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

export interface PlacedIngressRule {
  /** `undefined`: whoever it is. */
  readonly peers: readonly PlacedPeer[] | undefined;
  /** `undefined`: every port. */
  readonly ports: readonly number[] | undefined;
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
