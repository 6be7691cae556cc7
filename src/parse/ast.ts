import type { Located, Span } from '../diagnostics/diagnostic.js';

/** Ambit's documents as they are written: names unbound, every leaf with its place. */
export type Intent = SecuritySettings | TrafficSettings;

export interface SecuritySettings {
  readonly kind: 'SecuritySettings';
  readonly name: Located<string>;
  readonly scope: Scope;
  readonly mtls: Mtls | undefined;
  readonly authorization: Authorization | undefined;
}

/** What settings speak about. Wider kinds (tenant, workspace) belong between mesh and namespace. */
export type Scope =
  | { readonly kind: 'mesh'; readonly span: Span }
  | { readonly kind: 'namespace' | 'service' | 'workload'; readonly reference: string; readonly span: Span };

export interface Mtls {
  readonly mode: Located<MtlsMode>;
  readonly plaintext: readonly Rule[];
}

export type MtlsMode = 'Strict' | 'Permissive';

export type Effect = 'Allow' | 'Deny';

export interface Authorization {
  readonly default: Located<Effect> | undefined;
  readonly allow: readonly Rule[];
  readonly deny: readonly Rule[];
  /** Waivers for every rule of the settings. */
  readonly accept: readonly Acceptance[];
}

export interface Rule {
  readonly name: Located<string>;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
  /** `undefined`: anyone. */
  readonly from: readonly CallerReference[] | undefined;
  /** `undefined`: everything in the scope. */
  readonly to: readonly TargetReference[] | undefined;
  readonly accept: readonly Acceptance[];
}

export type CallerReference =
  | { readonly kind: 'anyone' | 'anyAuthenticated'; readonly span: Span }
  | {
      readonly kind: 'service' | 'workload' | 'serviceAccount' | 'namespace' | 'gateway' | 'external';
      readonly reference: string;
      readonly span: Span;
    }
  | { readonly kind: 'ipBlocks'; readonly blocks: ReadonlyArray<Located<string>>; readonly span: Span };

export interface TargetReference {
  readonly destination:
    | { readonly kind: 'service' | 'workload' | 'namespace'; readonly reference: string; readonly span: Span }
    | undefined;
  readonly port: Located<string | number> | undefined;
  /** What a request must look like; all of them must hold. Empty: any traffic. */
  readonly conditions: readonly Condition[];
  readonly span: Span;
}

export type ConditionKey = 'methods' | 'paths' | 'hosts' | 'headers';

export interface Condition {
  readonly key: ConditionKey;
  /** The header's name, for `headers`. */
  readonly header: string | undefined;
  /** One of them must match. */
  readonly values: ReadonlyArray<Located<string>>;
  readonly span: Span;
}

export const acceptancePaths = [
  'sidecarCallers',
  'gatewayCallers',
  'outsideCallers',
  'plaintextCallers',
  'unmeshedWorkloads',
  'sharedIdentity',
  'existingPolicies',
] as const;
export type AcceptancePath = (typeof acceptancePaths)[number];

/** A gap that somebody takes responsibility for, until a day. */
export interface Acceptance {
  readonly path: AcceptancePath;
  readonly until: Located<string>;
  readonly reason: string;
  readonly span: Span;
}

export interface TrafficSettings {
  readonly kind: 'TrafficSettings';
  readonly name: Located<string>;
  readonly scope: Scope;
  readonly timeout: Located<string> | undefined;
  readonly retries: Retries | undefined;
  readonly versions: readonly Version[];
  readonly split: readonly SplitShare[];
  readonly accept: readonly Acceptance[];
}

export interface Retries {
  readonly attempts: number;
  readonly perTryTimeout: Located<string> | undefined;
  readonly retryOn: readonly string[];
  readonly span: Span;
}

export interface Version {
  readonly name: Located<string>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface SplitShare {
  readonly version: Located<string>;
  readonly weight: number;
}
