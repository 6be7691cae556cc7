import type { Span } from '../diagnostics/diagnostic.js';
import type { GuardrailAddressing, GuardrailFault, Modality, TrafficAction } from '../parse/ast.js';
import type { Source, Target } from './resolved.js';

/** One check of a guardrail with its names bound. */
export interface ResolvedGuardrail {
  /** The document's name. */
  readonly guardrail: string;
  readonly name: string;
  readonly span: Span;
  readonly reason: string | undefined;
  readonly modality: Modality;
  readonly callers: readonly MeantCaller[];
  readonly targets: readonly MeantTarget[];
  readonly gateways: readonly MeantGateway[];
  /** `undefined`: what the modality means by itself. */
  readonly addressing: readonly GuardrailAddressing[] | undefined;
  readonly includesProxyPorts: boolean;
  readonly faults: readonly GuardrailFault[];
  /** `undefined`: every cluster. */
  readonly cluster: string | undefined;
  /** What it says of what is done with requests; `undefined` where it says who may send them. */
  readonly traffic: TrafficClaim | undefined;
}

export interface TrafficClaim {
  readonly never: readonly TrafficAction[];
  /** Milliseconds. */
  readonly longest: number | undefined;
  readonly mostRetries: number | undefined;
}

/** Whom a check speaks about. Here a name means who sends, whatever identity arrives. */
export type MeantCaller =
  | { readonly kind: 'anyone' | 'anyAuthenticated' | 'plaintext' }
  /** Whoever calls from outside the mesh, the callers of the Mesh document among them. */
  | { readonly kind: 'fromOutside' }
  | { readonly kind: 'sources'; readonly sources: readonly Source[] }
  | { readonly kind: 'namespace'; readonly namespace: string }
  /** A caller of the Mesh document; without blocks it is known by its name alone. */
  | { readonly kind: 'external'; readonly name: string; readonly ipBlocks: readonly string[] }
  | { readonly kind: 'addresses'; readonly ipBlocks: readonly string[] }
  | { readonly kind: 'outside'; readonly namespaces: readonly string[] };

export interface MeantTarget extends Target {
  /** Whether only requests without a token are meant. */
  readonly withoutToken: boolean;
}

/** What a gateway lets through itself, wherever it leads. */
export interface MeantGateway extends Pick<MeantTarget, 'conditions' | 'withoutToken'> {
  readonly cluster: string;
  readonly name: string;
  /** At which clients call it; `undefined`: every port. */
  readonly port: number | undefined;
}
