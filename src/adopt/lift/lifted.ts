import type { JsonObject, JsonValue, ManifestObject, Path } from '../../parse/document.js';
import type { Reason } from '../reason.js';

/** A caller as a document of the language names it, by its whole name. */
export type Caller = JsonValue;

/** Requests as an item of `to` describes them, apart from whose they are: ports have the numbers of the pods. */
export interface Requests {
  readonly port: number | undefined;
  readonly exceptPorts: readonly number[];
  /** `methods`, `paths`, `hosts` and `headers`. */
  readonly looks: JsonObject;
  /** Items of `except` that name no port. */
  readonly except: readonly JsonObject[];
}

/** Who answers for something, and why it is there, as its comments and annotations say. */
export interface Remarks {
  readonly reason?: string;
  readonly owner?: string;
}

export type Section = 'allow' | 'deny' | 'external';

/** One rule of a policy in the words of the language, before it is known in which document it will stand. */
export interface LiftedRule {
  readonly section: Section;
  /** `undefined`: anyone. */
  readonly from: readonly Caller[] | undefined;
  /** What the token has to be; `undefined`: whatever there is, or none. */
  readonly token: JsonValue | undefined;
  /** The external authorizer that is asked. */
  readonly provider: string | undefined;
  /** One of them has to match; empty: anything. */
  readonly requests: readonly Requests[];
  readonly remarks: Remarks;
  /** How many rules of the policy it says; 0 for a further part of one. */
  readonly count: number;
}

/** Why something cannot be said in the language, and where it is written. */
export interface Unsaid extends Reason {
  readonly path: Path;
}

/** What became of one AuthorizationPolicy. */
export interface LiftedPolicy {
  readonly object: ManifestObject;
  readonly rules: readonly LiftedRule[];
  /** Empty where all of it can be said. */
  readonly unsaid: readonly Unsaid[];
}
