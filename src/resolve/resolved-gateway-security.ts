import type { Span } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
import type { Condition, Effect, Pin } from '../parse/ast.js';
import type { TokenIssuer } from '../parse/tokens/token-issuer.js';
import type { Gateway } from '../topology/model.js';
import type { Caller, Origin } from './resolved.js';

/** Who may call one gateway of one cluster, from every document that has it as its scope. */
export interface ResolvedGatewaySecurity {
  readonly gateway: Gateway;
  /** `undefined`: Allow. No default of a namespace or of the mesh reaches a gateway. */
  readonly default: GatewayDefault | undefined;
  /** Sorted by what they are called. */
  readonly rules: readonly GatewayRule[];
  /** What external authorizers are asked about, sorted by what the rules are called. */
  readonly asked: readonly AskedAtGateway[];
}

/** Requests about which an external authorizer is asked, whoever sends them. */
export interface AskedAtGateway {
  readonly origin: Origin;
  readonly authorizer: string;
  /** Alternatives. */
  readonly requests: readonly GatewayRequests[];
  /** Where it has to be asked; absent: wherever it can. */
  readonly pin?: Pin;
}

export interface GatewayDefault {
  readonly value: Effect;
  readonly origin: Origin;
}

export interface GatewayRule {
  readonly origin: Origin;
  readonly effect: Effect;
  readonly callers: readonly Caller[];
  /** Whose tokens have to be validated for it. */
  readonly issuers: readonly TokenIssuer[];
  /** Alternatives. */
  readonly requests: readonly GatewayRequests[];
  /** Where an application's settings have it: they mean requests that the gateway leads to a Service of theirs. */
  readonly through?: ThroughService;
  /** Where it has to be decided; absent: wherever it can. */
  readonly pin?: Pin;
  readonly accept: readonly Acceptance[];
}

export interface ThroughService {
  /** `namespace/name` */
  readonly service: string;
  readonly span: Span;
  /** As the settings say it, whichever of them the gateway leads there. */
  readonly requests: readonly GatewayRequests[];
}

/** Requests to some ports of the gateway's pods that look like this. */
export interface GatewayRequests {
  /** Ports of the pods, as policies compare them; `undefined`: every port but `exceptPorts`. */
  readonly ports: readonly number[] | undefined;
  readonly exceptPorts: readonly number[];
  readonly conditions: readonly Condition[];
  readonly span: Span;
}
