import type { DestinationPolicy, Obligation } from '../ir/policy-ir.js';
import { isExcepted } from '../resolve/caller-exceptions.js';
import { isInNamespace, isNamespacePattern } from '../resolve/namespace-pattern.js';
import type { Caller, Source } from '../resolve/resolved.js';
import type { Cluster } from '../topology/model.js';

/** A cluster as who reaches what across networks depends on it. */
export type BySettings = Pick<Cluster, 'name' | 'settings'>;

/** Data planes that one east-west gateway connects; nothing connects one family with the other (M-30). */
const families: Readonly<Partial<Record<Source['plane'], string>>> = {
  sidecar: 'sidecar',
  ambient: 'ambient',
  gateway: 'any',
};

/** Whether packets of a source can reach a destination's cluster at all. */
export function canReach(source: Source, { destination }: DestinationPolicy, cluster: BySettings): boolean {
  if (source.cluster === cluster.name || source.network === cluster.settings.network) return true;
  const family = families[source.plane];
  return (
    family === 'any' ||
    destination.workloads.some(({ mode }) => families[mode.plane] === family && family !== undefined)
  );
}

/** Whether the intents may let a source in: the default lets everybody, or some allow rule names it. */
export function mayCall(source: Source, policy: DestinationPolicy, cluster: BySettings): boolean {
  if (!canReach(source, policy, cluster)) return false;
  if (policy.default?.value !== 'Deny') return true;
  const isAllowed = ({ effect, callers }: Obligation) => effect === 'Allow' && isAmong(callers, source);
  return policy.obligations.some(isAllowed) || isAmong(policy.podCallers, source);
}

function isAmong(callers: readonly Caller[], source: Source): boolean {
  return callers.some((caller) => means(caller, source));
}

/** Whether a caller of a rule means a source. An address may be anybody's, so it means everyone. */
export function means(caller: Caller, source: Source): boolean {
  switch (caller.kind) {
    case 'addresses':
      return true;
    case 'anyone':
      return source.plane === 'none' || !isExcepted(caller.except, source);
    case 'anyAuthenticated':
      return source.plane !== 'none' && !isExcepted(caller.except, source);
    case 'identities':
      return caller.serviceAccounts.includes(source.serviceAccount);
    case 'namespace':
      return isInNamespace(caller.namespace, source.serviceAccount) && !isExcepted(caller.except, source);
    case 'unidentified':
      return source.plane === 'none';
  }
}

/** Whether two callers of rules may be the same one. Addresses overlap with everything: who has them is not known. */
export function overlap(left: Caller, right: Caller): boolean {
  if (excepts(left, right) || excepts(right, left)) return false;
  const wide = (caller: Caller) => caller.kind === 'anyone' || caller.kind === 'addresses';
  if (wide(left) || wide(right)) return true;
  if (left.kind === 'unidentified' || right.kind === 'unidentified') return left.kind === right.kind;
  if (left.kind === 'anyAuthenticated' || right.kind === 'anyAuthenticated') return true;
  if (left.kind === 'namespace') return mayMeetIn(left.namespace, right);
  if (right.kind === 'namespace') return mayMeetIn(right.namespace, left);
  return (
    left.kind === 'identities' &&
    right.kind === 'identities' &&
    left.serviceAccounts.some((account) => right.serviceAccounts.includes(account))
  );
}

/** Whether an exception of the one takes all of the other away. */
function excepts(left: Caller, right: Caller): boolean {
  if (left.except.length === 0) return false;
  if (right.kind === 'namespace')
    return left.except.some((each) => each.kind === 'namespace' && each.namespace === right.namespace);
  if (right.kind !== 'identities') return false;
  return right.serviceAccounts.every((serviceAccount) => isExcepted(left.except, { serviceAccount }));
}

/** Whether some of those whom a caller means may be in a namespace; two patterns may always have one in common. */
function mayMeetIn(namespace: string, caller: Caller): boolean {
  if (caller.kind === 'namespace') {
    const [pattern, other] = isNamespacePattern(namespace)
      ? [namespace, caller.namespace]
      : [caller.namespace, namespace];
    return isNamespacePattern(other) || isInNamespace(pattern, `${other}/`);
  }
  return caller.kind === 'identities' && caller.serviceAccounts.some((account) => isInNamespace(namespace, account));
}
