import type { ManifestObject, Path } from '../../parse/document.js';
import type { TokenPlace } from '../../parse/tokens/token-place.js';
import type { Labels } from '../../topology/model.js';
import type { Attribute } from '../view.js';

/** An AuthorizationPolicy as written: defaults filled in, nothing compiled (§1.1). */
export interface AuthorizationPolicy {
  readonly kind: 'AuthorizationPolicy';
  readonly namespace: string;
  readonly name: string;
  readonly action: Action;
  /** Of a CUSTOM policy. */
  readonly provider: string | undefined;
  readonly dryRun: boolean;
  readonly scope: Scope;
  readonly rules: readonly Rule[];
  readonly object: ManifestObject;
}

export type Action = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** Whom a policy is for. A selector without `matchLabels` is neither none nor one with empty ones (§3.4). */
export type Scope =
  | { readonly kind: 'namespace' }
  | { readonly kind: 'selector'; readonly matchLabels: Labels | undefined }
  | { readonly kind: 'targets'; readonly targets: readonly TargetReference[] };

export interface TargetReference {
  readonly kind: 'Service' | 'ServiceEntry' | 'Gateway' | 'GatewayClass';
  readonly name: string;
}

export interface Rule {
  readonly from: readonly Item[];
  readonly to: readonly Item[];
  readonly when: readonly Item[];
  readonly place: Path;
}

/** One `source`, `operation` or `when`: all its tests must hold. */
export interface Item {
  readonly tests: readonly Test[];
  readonly place: Path;
}

/** A field with its `notX` twin, or a condition: some value hits (when any is given) and no `notValue` does. */
export interface Test {
  /** The name as people write it: `principals`, `ports`, `request.headers[x-user]`. */
  readonly field: string;
  readonly attribute: Attribute;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
  readonly place: Path;
}

export type PeerMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';

export interface PeerAuthentication {
  readonly kind: 'PeerAuthentication';
  readonly namespace: string;
  readonly name: string;
  /** `undefined` where the manifest has no selector at all. */
  readonly matchLabels: Labels | undefined;
  readonly mode: PeerMode;
  /** By workload port, in ascending order. */
  readonly ports: ReadonlyArray<{ readonly port: number; readonly mode: PeerMode }>;
  /** RFC 3339, as a cluster's copy carries it: the oldest policy of a scope wins (§5.1). */
  readonly created: string;
  readonly object: ManifestObject;
}

export interface RequestAuthentication {
  readonly kind: 'RequestAuthentication';
  readonly namespace: string;
  readonly name: string;
  readonly scope: Scope;
  readonly rules: readonly TokenRule[];
  readonly object: ManifestObject;
}

export interface TokenRule {
  /** Empty where any issuer of the given keys is meant. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly forwards: boolean;
  /** Where it looks for tokens. */
  readonly places: readonly TokenPlace[];
  /** Claims whose text is a list of words, beside `scope` and `permission` (§6.5). */
  readonly wordClaims: readonly string[];
  /** What the proxy writes into the request once a token is validated (§6.1). */
  readonly writes: readonly WrittenHeader[];
}

/** A header that no client can set, because a validated token writes it. */
export interface WrittenHeader {
  /** In lower case. */
  readonly header: string;
  /** The path of the claim; `undefined` for the whole payload, in base64. */
  readonly claim: string | undefined;
}

export type Policy = AuthorizationPolicy | PeerAuthentication | RequestAuthentication;
