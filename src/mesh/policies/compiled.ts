import type { Path } from '../../parse/document.js';
import type { Attribute } from '../view.js';
import type { Matcher } from './matcher.js';
import type { Action, AuthorizationPolicy, PeerAuthentication } from './policy.js';

/**
 * A policy as one plane enforces it: what was dropped or emptied on the way is gone from `rules` and told in `lost`.
 * Rules are alternatives; a rule's clauses must all hold; a clause holds when one of its alternatives does; an
 * alternative's conditions must all hold. A clause without alternatives never holds; a rule without clauses always does.
 */
export interface CompiledPolicy {
  readonly policy: AuthorizationPolicy | PeerAuthentication;
  readonly action: Action;
  readonly provider: string | undefined;
  readonly rules: readonly CompiledRule[];
  readonly lost: readonly Loss[];
}

export interface CompiledRule {
  readonly clauses: readonly Clause[];
  readonly place: Path;
}

export interface Clause {
  readonly alternatives: readonly Alternative[];
  readonly place: Path;
}

export interface Alternative {
  readonly conditions: readonly Condition[];
}

/** Some of `anyOf` matches, when there is any, and none of `noneOf` does. */
export interface Condition {
  readonly attribute: Attribute;
  readonly field: string;
  readonly anyOf: readonly Matcher[];
  readonly noneOf: readonly Matcher[];
  readonly place: Path;
}

/** What a plane does not enforce of a policy as written, and why. */
export interface Loss {
  readonly place: Path;
  readonly why: string;
}

/** Every condition of a policy, whichever rule it is in. */
export function conditionsOf({ rules }: CompiledPolicy): readonly Condition[] {
  return rules.flatMap(({ clauses }) =>
    clauses.flatMap(({ alternatives }) => alternatives.flatMap(({ conditions }) => conditions)),
  );
}

/** The destination ports that policies name. */
export function portsNamedBy(policies: readonly CompiledPolicy[]): readonly number[] {
  const conditions = policies.flatMap(conditionsOf).filter(({ attribute }) => attribute === 'destination.port');
  const compared = conditions.flatMap(({ anyOf, noneOf }) => [...anyOf, ...noneOf]);
  return compared.flatMap((matcher) => (matcher.kind === 'exact' ? [Number(matcher.value)] : []));
}
