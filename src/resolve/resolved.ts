import type { Span } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
import type { CallerReference, Condition, Effect, Pin } from '../parse/ast.js';
import type { TokenIssuer } from '../parse/tokens/token-issuer.js';
import type { Plane, PortLayer, Service, Workload } from '../topology/model.js';

/** `settings/rule`: what a rule is called in every output. */
export type RuleId = string;

/** Where a rule comes from, and what its author said about it. */
export interface Origin {
  readonly id: RuleId;
  readonly span: Span;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
}

/** A value that settings give to a scope; the nearest scope decides. */
export interface Setting<T> {
  readonly value: T;
  readonly scope: BoundScope;
  readonly origin: Origin;
  /** Where it is said that narrower scopes are held to it; `undefined` where they are not. */
  readonly mandate: Span | undefined;
  readonly accept: readonly Acceptance[];
}

/** A scope with its name bound. Services and workloads stand for the same name in every cluster that has it. */
export type BoundScope =
  | { readonly kind: 'mesh' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'service' | 'workload'; readonly namespace: string; readonly name: string };

export interface ResolvedRule {
  readonly origin: Origin;
  /** The scope of the settings that it stands in. */
  readonly scope: BoundScope;
  /** Where it is said that narrower scopes are held to it; `undefined` where they are not. */
  readonly mandate: Span | undefined;
  readonly effect: Effect;
  /** The extension provider that is asked about what it means: it denies, unless that one lets it pass. */
  readonly authorizer: string | undefined;
  readonly callers: readonly Caller[];
  readonly targets: readonly Target[];
  /** Whose tokens it asks about; each of its targets has conditions on them. */
  readonly issuers: readonly TokenIssuer[];
  /** Where it has to be decided; absent: wherever it can. */
  readonly pin?: Pin;
  readonly accept: readonly Acceptance[];
}

/** One kind of caller, with everyone in the topology whom it means. */
export type Caller = CallerIdentity & {
  /** Who of them is not meant; only of callers who are not named one by one. */
  readonly except: readonly NamedCaller[];
  /** As a person would say it: "service shop/checkout". */
  readonly label: string;
  readonly span: Span;
};

export type CallerIdentity =
  | { readonly kind: 'anyone' | 'anyAuthenticated' }
  | {
      readonly kind: 'identities';
      /** `namespace/name`, sorted. */
      readonly serviceAccounts: readonly string[];
      readonly members: readonly Source[];
      /** Who else runs as one of them, and would be meant too. */
      readonly sharers: readonly Source[];
    }
  | {
      readonly kind: 'namespace';
      readonly namespace: string;
      /** Without those that are excepted. */
      readonly members: readonly Source[];
    }
  | {
      readonly kind: 'addresses';
      readonly ipBlocks: readonly string[];
      /** Which of them are not meant. */
      readonly exceptBlocks: readonly string[];
      readonly plaintext: boolean;
      /** Whether the Mesh document names a caller from outside who has them; else they may be anybody's. */
      readonly outside: boolean;
    }
  | {
      readonly kind: 'unidentified';
      /** Whether one of them is meant, a caller of the Mesh document without addresses, whom nobody tells from the others. */
      readonly isOne: boolean;
    };

/** Callers who are recognised by their identities. */
export type NamedCaller = Extract<Caller, { kind: 'identities' | 'namespace' }>;

/** One member of a group, as it is written and as it is bound; of a group in it, each member for itself. */
export interface GroupMember {
  readonly reference: CallerReference;
  readonly caller: Caller;
}

export type GroupIndex = ReadonlyMap<string, readonly GroupMember[]>;

/** Something in the topology that sends requests. */
export interface Source {
  readonly cluster: string;
  readonly network: string;
  /** `namespace/name` */
  readonly name: string;
  readonly serviceAccount: string;
  readonly plane: Plane;
}

/** One destination that a rule speaks about, with its ports and the requests that are meant. */
export interface Target {
  readonly destination: Destination;
  /** `undefined`: every port. */
  readonly ports: readonly DestinationPort[] | undefined;
  /** What is not meant of every port; none where ports are given. */
  readonly exceptPorts: readonly DestinationPort[];
  readonly conditions: readonly Condition[];
  /** Whether the rule names the service; if not, it also means requests addressed to the pods themselves. */
  readonly named: boolean;
  readonly span: Span;
}

/** What one set of policies protects: the workloads behind a Service, or one workload that has none. */
export interface Destination {
  /** `cluster/namespace/name`, with `workload:` before the name of a workload. Unique, and the order of the output. */
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly service: Service | undefined;
  readonly workloads: readonly Workload[];
}

export interface DestinationPort {
  /** As written, or its number. */
  readonly label: string;
  /** What the port is called where traffic is addressed to the Service; `undefined` where no Service exposes it. */
  readonly service: number | undefined;
  /** What it is called at the pods; sorted. Workloads behind one Service may differ. */
  readonly pod: readonly number[];
  readonly layer: PortLayer;
}
