import type { CallerClass } from '../../algebra/callers.js';
import { accountOf, type Identity } from '../../mesh/identity.js';
import { matchesText, textMatcher } from '../../mesh/policies/matcher.js';
import type { Source as RequestSource } from '../../mesh/request.js';
import type { Acceptance, AcceptancePath } from '../../parse/acceptance.js';
import type { Caller, NamedCaller, ResolvedRule, Source } from '../../resolve/resolved.js';
import { assertNever } from '../../util/assert.js';

/** Whether a class is meant when `all` of its members are, or when `some` are: one identity may be shared. */
export type Extent = 'all' | 'some';

/** Whether a caller of a rule means a class of callers. Addresses are not asked for here, nor whether anybody sees who it is. */
export function means(
  caller: Caller,
  each: CallerClass,
  rule: Pick<ResolvedRule, 'effect' | 'accept'>,
  extent: Extent,
): boolean {
  const { identity } = each.caller;
  switch (caller.kind) {
    case 'addresses':
      return true;
    case 'anyone':
      return !isExcepted(caller.except, identity);
    case 'anyAuthenticated':
      return identity !== null && !isExcepted(caller.except, identity);
    case 'namespace':
      return isFrom(caller, identity) && !isExcepted(caller.except, identity);
    case 'identities': {
      const account = identity && accountOf(identity);
      if (account === null || !caller.serviceAccounts.includes(account)) return false;
      return extent === 'some' || accepts(rule, 'sharedIdentity') || !hasSharer(caller.sharers, each);
    }
    case 'unidentified':
      return !caller.isOne || rule.effect === 'Deny' || accepts(rule, 'plaintextCallers');
    default:
      return assertNever(caller);
  }
}

function isFrom({ namespace }: Extract<Caller, { kind: 'namespace' }>, identity: Identity | null): boolean {
  return identity !== null && matchesText(textMatcher(namespace), identity.namespace);
}

/** Whether an identity is one of those that are not meant. */
function isExcepted(except: readonly NamedCaller[], identity: Identity | null): boolean {
  if (identity === null) return false;
  const account = accountOf(identity);
  return except.some((each) =>
    each.kind === 'namespace' ? isFrom(each, identity) : each.serviceAccounts.includes(account),
  );
}

/** Whether somebody who is not meant runs as the same identity. */
function hasSharer(sharers: readonly Source[], { sources }: CallerClass): boolean {
  const names = new Set(sharers.map(({ cluster, name }) => `${cluster}/${name}`));
  return sources.some((source) => names.has(nameOf(source)));
}

function nameOf(source: RequestSource): string {
  if (source.kind === 'workload') return `${source.cluster}/${source.workload}`;
  return source.kind === 'gateway' ? `${source.cluster}/${source.gateway}` : '';
}

export function accepts({ accept }: { readonly accept: readonly Acceptance[] }, path: AcceptancePath): boolean {
  return accept.some(({ what }) => what === path);
}

/** The gap that a rule may have accepted for callers of this kind who are seen: how they come past a waypoint. */
export function gapOfSeen({ caller: { speaks } }: CallerClass): AcceptancePath | undefined {
  if (speaks === 'gateway') return 'gatewayCallers';
  return speaks === 'sidecar' ? 'sidecarCallers' : undefined;
}

/** The same where nobody sees who calls: no rule about identities recognises them, which a denial has to answer for. */
export function gapOfUnseen({ kind }: Caller, { effect }: ResolvedRule): AcceptancePath | undefined {
  if (kind === 'anyone' || kind === 'addresses' || kind === 'unidentified') return 'outsideCallers';
  return effect === 'Deny' ? 'plaintextCallers' : undefined;
}
