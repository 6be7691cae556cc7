import type { Span } from '../diagnostics/diagnostic.js';
import type { Mesh } from '../mesh/mesh.js';
import type { Request } from '../mesh/request.js';
import type { ClusterObject } from '../topology/build-topology.js';
import type { SourceIntent } from '../trace/source-intents.js';
import type { Trace } from '../trace/trace.js';

/** One of the two states that are compared, with every object that applies in it. */
export interface State {
  readonly mesh: Mesh;
  readonly objects: readonly ClusterObject[];
}

export type Side = 'before' | 'after';

/** After these some request is treated otherwise, the worst first. */
export const requestChangeKinds = [
  'access-granted',
  'requests-no-longer-told-apart',
  'token-no-longer-needed',
  'authorizer-no-longer-asked',
  'plaintext-accepted',
  'access-in-doubt',
  'access-revoked',
  'authorizer-newly-asked',
  'plaintext-refused',
  'doubt-settled',
  'routed-anew',
] as const;

/** All that can change: it is in this order that changes are told. */
export const changeKinds = [
  ...requestChangeKinds,
  'enforcement-moved',
  'gateway-added',
  'gateway-removed',
  'waypoint-added',
  'waypoint-removed',
  'workload-added',
  'workload-removed',
  'data-plane-changed',
  'istio-changed',
  'cluster-on-one-side',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One thing that means something else afterwards. */
export interface Change {
  readonly kind: ChangeKind;
  readonly cluster: string;
  /** Whom it is about: `workload payments/ledger`, `waypoint payments/waypoint`. */
  readonly place: Place;
  /** Whose requests, where it is about requests. */
  readonly callers?: CallersInWords;
  /** Which of their requests, in words. */
  readonly requests?: string;
  /** What was and what is, where that is no matter of a request. */
  readonly was?: string;
  readonly is?: string;
  /** Which setting of Istio is another. */
  readonly setting?: string;
  /** One of the requests, as it is decided on both sides. */
  readonly witness?: Witness;
  readonly causes: readonly Cause[];
  /** Further places to which the very same happens. */
  readonly others: readonly Place[];
}

/** Whether a change leaves in doubt what was let through: nobody gains by it. */
export function mayOnlyBeLost({ kind, witness }: Change): boolean {
  return kind === 'access-in-doubt' && witness?.before.trace.verdict.kind === 'allowed';
}

export interface Place {
  readonly kind: 'workload' | 'gateway' | 'waypoint' | 'service' | 'cluster';
  readonly cluster: string;
  /** `namespace/name`; of a cluster its name. */
  readonly name: string;
}

export interface CallersInWords {
  readonly names: readonly string[];
  readonly isEveryone: boolean;
  /** Whether they stand for callers that no policy on the way tells from them. */
  readonly isOfMany: boolean;
}

/** A request that shows a change. Its sender may be one that the state before does not have: then its like asks there. */
export interface Witness {
  readonly before: Answered;
  readonly after: Answered;
}

export interface Answered {
  readonly request: Request;
  readonly trace: Trace;
  /** The workload whose pods answer, where whoever asks for the Service is told of others. */
  readonly workload?: string;
}

/** What of the two texts brings a change about. */
export interface Cause {
  readonly side: Side;
  readonly change: 'added' | 'removed' | 'changed';
  /** `AuthorizationPolicy payments/ledger, rule 2`. */
  readonly what: string;
  readonly span: Span | null;
  /** The intents that asked for it, with their lines. */
  readonly intents: readonly SourceIntent[];
}

/** A fact for want of which nothing is said of some requests, though what decides about them is not the same. */
export interface Undecided {
  readonly fact: string;
  /** Whether it is about calls from one cluster to another, of which nothing is claimed anywhere. */
  readonly isCrossing: boolean;
  readonly places: readonly Place[];
}

/** What differs as text. */
export interface TextChanges {
  readonly objects: readonly ObjectChange[];
  /** Ids of rules and settings of which one side has something to enforce, and the other has not. */
  readonly rules: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** An object that does not say the same on both sides, at the first field that differs. */
export interface ObjectChange {
  readonly cluster: string;
  readonly kind: string;
  /** Empty for what is in no namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly cause: Cause;
}

/** The whole answer. Without changes and undecided facts both states treat every request alike. */
export interface Changes {
  readonly changes: readonly Change[];
  readonly undecided: readonly Undecided[];
  /** The approvals without which more would be told. */
  readonly approvedBy: readonly string[];
  readonly texts: TextChanges;
  readonly compared: {
    /** Workloads and gateways that both states have or one has. */
    readonly places: number;
    /** Those of them about which something differs that could decide. */
    readonly touched: number;
    readonly ways: number;
  };
}
