import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Acceptance } from './acceptance.js';
import type { Path } from './document.js';
import type { TokenOfCase, TokenReference } from './tokens/token-reference.js';
import type { PortProtocol } from './traffic/outside.js';
import type { TrafficSettings } from './traffic/settings.js';

/** Ambit's documents as they are written: names unbound, every leaf with its place. */
export type Intent = SecuritySettings | TrafficSettings | CallerGroup | PolicyTest;

/** A part of a document that could not be read; without any steps it is the whole. */
export interface LeftOut {
  readonly kind: Intent['kind'];
  readonly path: Path;
}

/** What is judged, and changes nothing in the output. */
type PolicyTest = AccessTest | Guardrail;

export interface SecuritySettings {
  readonly kind: 'SecuritySettings';
  readonly name: Located<string>;
  readonly scope: Scope | GatewayScope;
  /** `undefined`: they are enforced. */
  readonly stage: Located<Stage> | undefined;
  readonly mtls: Mtls | undefined;
  readonly authorization: Authorization | undefined;
  /** Where NetworkPolicies are asked for beside what Istio enforces. */
  readonly networkPolicies: Span | undefined;
  /** What the workloads of the scope may call outside the mesh; `undefined`: whatever they like. */
  readonly egress: Egress | undefined;
}

/** `Shadow`: who may call is watched, and decides nothing. */
export type Stage = 'Enforce' | 'Shadow';

/** What settings speak about. Wider kinds (tenant, workspace) belong between mesh and namespace. */
export type Scope =
  | { readonly kind: 'mesh'; readonly span: Span }
  | { readonly kind: 'namespace' | 'service' | 'workload'; readonly reference: string; readonly span: Span };

export interface GatewayScope {
  readonly kind: 'gateway';
  readonly reference: string;
  readonly span: Span;
}

/** Settings that say who may call a gateway. */
export type GatewaySettings = SecuritySettings & { readonly scope: GatewayScope };

export interface Mtls {
  readonly mode: Located<MtlsMode>;
  readonly plaintext: readonly Rule[];
  readonly mandate: Located<boolean> | undefined;
  /** For the mode and for every exception. */
  readonly accept: readonly Acceptance[];
}

export type MtlsMode = 'Strict' | 'Permissive' | 'Disabled';

export type Effect = 'Allow' | 'Deny';

/** A default, and the rule that comes with it. */
export type AuthorizationMode = 'Disabled' | 'Cluster' | 'Namespace' | 'Group' | 'Rules';

/** What becomes of the rules of wider scopes: united with those of the scope, replaced by them, or both have to allow. */
export type Inheritance = 'Add' | 'Replace' | 'Stricter';

export interface Authorization {
  readonly mode: Located<AuthorizationMode> | undefined;
  /** The CallerGroup of mode `Group`. */
  readonly group: Located<string> | undefined;
  readonly default: Located<Effect> | undefined;
  readonly allow: readonly Rule[];
  readonly deny: readonly Rule[];
  /** What is marked for access logs, whatever becomes of it. */
  readonly audit: readonly AuditRule[];
  /** Each of them names an authorizer, and no callers: who sends is not known yet when it is asked. */
  readonly external: readonly ExternalRule[];
  /** Of a gateway: whose settings may say who may call it. */
  readonly delegatesTo: readonly Delegation[];
  /** `undefined`: as another document of the scope says, or `Add`. */
  readonly inheritance: Located<Inheritance> | undefined;
  /** For a default of Deny and for every rule. */
  readonly mandate: Located<boolean> | undefined;
  /** For every rule that does not say it itself. */
  readonly pin: Pin | undefined;
  /** For the default and for every rule. */
  readonly accept: readonly Acceptance[];
}

/** Hosts of a gateway of which another namespace says who may call it. */
export interface Delegation {
  readonly namespace: Located<string>;
  readonly hosts: ReadonlyArray<Located<string>>;
  readonly span: Span;
}

export interface Rule {
  readonly name: Located<string>;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
  /** `undefined`: anyone. */
  readonly from: readonly CallerReference[] | undefined;
  /** `undefined`: whatever token there is, or none. */
  readonly token: TokenReference | undefined;
  /** `undefined`: everything in the scope. */
  readonly to: readonly TargetReference[] | undefined;
  /** Whether narrower scopes are held to it. */
  readonly mandate: Located<boolean> | undefined;
  /** Where it has to be decided; `undefined`: wherever it can. */
  readonly pin: Pin | undefined;
  readonly accept: readonly Acceptance[];
}

/** Where a rule has to be decided, and nowhere else, or where it must not be. */
export interface Pin {
  readonly mode: 'only' | 'never';
  readonly points: readonly EnforcementPoint[];
  readonly span: Span;
}

export type EnforcementPoint = 'Sidecar' | 'Ztunnel' | 'Waypoint' | 'Gateway';

/** Requests and connections that are marked for access logs; it decides nothing, so that nothing is left open by it. */
export type AuditRule = Omit<Rule, 'token' | 'mandate' | 'pin' | 'accept'>;

/** Requests that an external authorizer is asked about. */
export interface ExternalRule extends Omit<Rule, 'from' | 'token'> {
  readonly provider: Located<string>;
}

/** What workloads may call outside the mesh: nothing but what a rule allows. */
export interface Egress {
  readonly allow: readonly EgressRule[];
  /** Whether NetworkPolicies are to be written that close the way past every proxy; else given ones have to do it. */
  readonly isOwnBackstop: boolean;
  readonly accept: readonly Acceptance[];
  readonly span: Span;
}

export interface EgressRule {
  readonly name: Located<string>;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
  /** `undefined`: every workload of the scope. */
  readonly from: readonly CallerReference[] | undefined;
  readonly to: readonly EgressTarget[];
}

/** A host at one of its ports, and what is said of it where nothing else makes it known. */
export interface EgressTarget {
  /** What requests must look like; all of them must hold. Empty: any traffic. */
  readonly conditions: readonly Condition[];
  readonly host: Located<string>;
  readonly port: Located<number>;
  readonly protocol: Located<PortProtocol> | undefined;
  readonly addresses: ReadonlyArray<Located<string>>;
}

export type CallerReference = {
  /** Who of them is not meant. */
  readonly except: readonly CallerReference[];
  readonly span: Span;
} & (
  | { readonly kind: 'anyone' | 'anyAuthenticated' | 'unauthenticated' }
  | {
      readonly kind:
        | 'service'
        | 'workload'
        | 'serviceAccount'
        | 'namespace'
        | 'namespaces'
        | 'gateway'
        | 'external'
        | 'group';
      readonly reference: string;
    }
  | { readonly kind: 'ipBlocks'; readonly blocks: ReadonlyArray<Located<string>> }
);

/** Callers who are named together, wherever a rule names callers. */
export interface CallerGroup {
  readonly kind: 'CallerGroup';
  readonly name: Located<string>;
  readonly members: readonly CallerReference[];
}

export interface TargetReference {
  readonly destination:
    | { readonly kind: 'service' | 'workload' | 'namespace'; readonly reference: string; readonly span: Span }
    | undefined;
  /** The gateway that leads requests to the destination, where those that come by it are meant. */
  readonly through?: Located<string>;
  readonly port: Located<string | number> | undefined;
  /** What a request must look like; all of them must hold. Empty: any traffic. */
  readonly conditions: readonly Condition[];
  /** What of it is not meant. */
  readonly except: readonly Exception[];
  readonly span: Span;
}

/** Requests on a port that look like this: what is written of it must hold together. */
export interface Exception {
  readonly port: Located<string | number> | undefined;
  readonly conditions: readonly Condition[];
  readonly span: Span;
}

/** What of a request a target may describe. */
export type RequestKey = 'methods' | 'paths' | 'hosts' | 'headers' | 'serverNames';

export type ConditionKey = RequestKey | 'token';

export interface Condition {
  readonly key: ConditionKey;
  /** The header's name, for `headers`; for `token` what of it is compared, as Istio has it after `request.auth.`. */
  readonly name: string | undefined;
  /** One of them must match; where it is negated, none of them may. */
  readonly values: ReadonlyArray<Located<string>>;
  readonly isNegated: boolean;
  readonly span: Span;
}

/** Requests with their expected verdict. */
export interface AccessTest {
  readonly kind: 'AccessTest';
  readonly name: Located<string>;
  readonly cases: readonly AccessCase[];
}

export interface AccessCase {
  readonly name: string | undefined;
  readonly expect: 'allow' | 'deny';
  readonly from: Located<string>;
  readonly fromIp: Located<string> | undefined;
  readonly to: Located<string>;
  readonly method: Located<string> | undefined;
  readonly path: string | undefined;
  readonly host: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: TokenOfCase | undefined;
  readonly addressing: Addressing;
  readonly cluster: Located<string> | undefined;
  readonly outcome: ExpectedOutcome;
  readonly span: Span;
}

/** What may become of the request, beside the verdict; what is empty or absent is not asked. */
export interface ExpectedOutcome {
  /** Services or workloads as `namespace/name`, or hosts. */
  readonly destinations: readonly Located<string>[];
  readonly versions: readonly Located<string>[];
  readonly statuses: readonly number[];
  /** A duration, or `None`. */
  readonly timeout: Located<string> | undefined;
  readonly retries: Located<number> | undefined;
}

export type Addressing = 'service' | 'podIP';

/** How a guardrail may mean that destinations are addressed: also through gateways whose routes lead to them. */
export type GuardrailAddressing = Addressing | 'gateway';

/** What must never, always or only be possible. */
export interface Guardrail {
  readonly kind: 'Guardrail';
  readonly name: Located<string>;
  readonly checks: readonly GuardrailCheck[];
}

export const modalities = ['never', 'always', 'only'] as const;
export type Modality = (typeof modalities)[number];

export interface GuardrailCheck {
  readonly modality: Modality;
  readonly name: Located<string>;
  readonly reason: string | undefined;
  /** `undefined`: anyone. */
  readonly from: readonly GuardrailCaller[] | undefined;
  /** `undefined`: everything in the mesh. */
  readonly to: readonly GuardrailTarget[] | undefined;
  readonly addressing: readonly GuardrailAddressing[] | undefined;
  /** Whether the ports that sidecars serve themselves are meant too. */
  readonly includesProxyPorts: boolean;
  readonly faults: readonly GuardrailFault[];
  readonly cluster: Located<string> | undefined;
  readonly traffic: WrittenTrafficClaim;
  /** The fields that are written, with their places. */
  readonly fields: ReadonlyArray<Located<string>>;
}

/** What a check says of what is done with requests, rather than of who may send them; what is absent is not claimed. */
export interface WrittenTrafficClaim {
  readonly never: readonly TrafficAction[];
  /** A duration, within which every request ends. */
  readonly timeoutAtMost: string | undefined;
  readonly retriesAtMost: number | undefined;
}

export type TrafficAction = 'FaultInjection' | 'Mirroring';

/** Callers as in rules, or what only a guardrail can say: whoever arrives in plaintext or from outside, and everybody else. */
export type GuardrailCaller =
  | CallerReference
  | { readonly kind: 'plaintext'; readonly span: Span }
  | { readonly kind: 'fromOutside'; readonly span: Span }
  | { readonly kind: 'outside'; readonly namespaces: ReadonlyArray<Located<string>>; readonly span: Span };

export interface GuardrailTarget extends TargetReference {
  /** The gateway that is meant itself: of an approval alone. */
  readonly gateway: Located<string> | undefined;
  /** `Absent`: requests without a JSON web token. */
  readonly token: 'Absent' | undefined;
}

export type GuardrailFault = 'waypoint-missing' | 'waypoint-not-ready' | 'jwks-unavailable' | 'mtls-permissive';
