import { type Mentions, nobody } from '../../algebra/mentions.js';
import { textMatcher } from '../../mesh/policies/matcher.js';
import type { Caller } from '../../resolve/resolved.js';
import type { Demand } from './demands.js';

/** Whom the intents name as callers of a workload. */
export function mentionsOfDemand({ allow, deny, plaintext, audited }: Demand): Mentions {
  return mentionsOfCallers([...allow, ...deny, ...plaintext, ...audited].flatMap(({ rule }) => rule.callers));
}

export function mentionsOfCallers(named: readonly Caller[]): Mentions {
  const callers = named.flatMap((caller) => [caller, ...caller.except]);
  const namespaces = callers.flatMap((caller) => (caller.kind === 'namespace' ? [caller.namespace] : []));
  return {
    ...nobody,
    accounts: new Set(callers.flatMap((caller) => (caller.kind === 'identities' ? caller.serviceAccounts : []))),
    namespaces: new Set(namespaces.filter((name) => !name.includes('*'))),
    addresses: callers.some(({ kind }) => kind === 'addresses'),
    patterns: namespaces
      .filter((name) => name.includes('*'))
      .map((name) => ({ attribute: 'source.namespace', matcher: textMatcher(name) })),
  };
}
