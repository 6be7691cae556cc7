import { isExcepted } from '../../resolve/caller-exceptions.js';
import { sourceKey } from '../../resolve/deployed-parts.js';
import { isInNamespace } from '../../resolve/namespace-pattern.js';
import type { Caller, NamedCaller, Source } from '../../resolve/resolved.js';
import { commonBlocks } from '../../util/ip-blocks.js';
import { sortBy, sortedUnique } from '../../util/order.js';
import type { Meeting } from './meeting.js';

type Of<K extends Caller['kind']> = Caller & { readonly kind: K };
type Known = Of<'anyAuthenticated'> | NamedCaller;

/** Whom two callers of allow rules both mean. */
export function meetCallers(left: Caller, right: Caller): Meeting<Caller> {
  if (left.kind === 'anyone') return [{ ...right, span: left.span }];
  if (right.kind === 'anyone') return [left];
  if (left.kind === 'addresses' && right.kind === 'addresses') return meetAddresses(left, right);
  if (left.kind === 'unidentified' && right.kind === 'unidentified')
    return [left.isOne ? left : { ...right, span: left.span }];
  if (shows(left, right) || shows(right, left)) return [];
  if (isKnown(left) && isKnown(right)) return meetKnown(left, right);
  const outside = [left, right].find((each) => each.kind === 'addresses');
  // Who is outside the mesh shows no identity.
  if (outside?.outside && (isKnown(left) || isKnown(right))) return [];
  const because = 'no proxy tells callers by an identity and by an address at once, where they come as the Mesh says';
  return { because, witness: `${left.label} calls, and may be ${right.label} as well` };
}

/** Whether the one shows an identity, and the other is whoever shows none. */
function shows(left: Caller, right: Caller): boolean {
  return isKnown(left) && right.kind === 'unidentified' && !right.isOne;
}

function isKnown(caller: Caller): caller is Known {
  return caller.kind === 'anyAuthenticated' || caller.kind === 'identities' || caller.kind === 'namespace';
}

function meetKnown(left: Known, right: Known): Meeting<Caller> {
  if (right.kind === 'anyAuthenticated') return without(left, right.except);
  if (left.kind === 'anyAuthenticated') return without({ ...right, span: left.span }, left.except);
  if (left.kind === 'identities') return within(left, right);
  if (right.kind === 'identities') return within({ ...right, span: left.span }, left);
  return meetNamespaces(left, right);
}

/** The identities that another caller means as well. Who shares one and is not meant by both is not meant. */
function within(caller: Of<'identities'>, other: NamedCaller): readonly Caller[] {
  const isOther = (account: string) =>
    other.kind === 'identities'
      ? other.serviceAccounts.includes(account)
      : isInNamespace(other.namespace, account) && !isExcepted(other.except, { serviceAccount: account });
  const serviceAccounts = caller.serviceAccounts.filter(isOther);
  if (serviceAccounts.length === 0) return [];
  const kept = new Set(serviceAccounts);
  const ofBoth = other.kind === 'identities' ? new Set(other.members.map(sourceKey)) : undefined;
  const isMeant = (source: Source) => kept.has(source.serviceAccount) && (ofBoth?.has(sourceKey(source)) ?? true);
  const sharers = [...caller.sharers, ...caller.members.filter((source) => !isMeant(source))];
  return [
    {
      ...caller,
      label: serviceAccounts.length === caller.serviceAccounts.length ? caller.label : narrowed(caller, other),
      serviceAccounts,
      members: caller.members.filter(isMeant),
      sharers: sortBy(
        sharers.filter(({ serviceAccount }) => kept.has(serviceAccount)),
        sourceKey,
      ),
    },
  ];
}

function meetNamespaces(left: Of<'namespace'>, right: Of<'namespace'>): Meeting<Caller> {
  const namespace = meetPatterns(left.namespace, right.namespace);
  if (namespace === undefined) {
    const because = `no field says a namespace that matches both \`${left.namespace}\` and \`${right.namespace}\``;
    const [prefix, suffix] = left.namespace.endsWith('*') ? [left, right] : [right, left];
    const both = `${prefix.namespace.slice(0, -1)}${suffix.namespace.slice(1)}`;
    return { because, witness: `a workload of namespace ${both} calls` };
  }
  if (namespace === '') return [];
  const nearer = namespace === left.namespace ? left : right;
  const caller = { ...left, namespace, members: nearer.members, label: nearer.label };
  return without(caller, [...left.except, ...right.except]);
}

/** The namespaces that both patterns mean, `''` where there are none; `undefined` where no pattern says which. */
function meetPatterns(left: string, right: string): string | undefined {
  if (covers(left, right)) return right;
  if (covers(right, left)) return left;
  const isParted = [left, right].some((each) => !each.includes('*')) || left.endsWith('*') === right.endsWith('*');
  return isParted ? '' : undefined;
}

function covers(pattern: string, other: string): boolean {
  if (pattern === other) return true;
  if (!other.includes('*')) return isInNamespace(pattern, `${other}/`);
  if (!pattern.includes('*') || pattern.endsWith('*') !== other.endsWith('*')) return false;
  return isInNamespace(pattern, `${other.replace('*', '')}/`);
}

/** The same without some others; nobody, where these are all. */
function without(caller: Known, excepted: readonly NamedCaller[]): readonly Caller[] {
  if (excepted.length === 0) return [caller];
  if (caller.kind === 'anyAuthenticated') return [{ ...caller, except: [...caller.except, ...excepted] }];
  if (caller.kind === 'namespace') {
    if (excepted.some((each) => each.kind === 'namespace' && covers(each.namespace, caller.namespace))) return [];
    const members = caller.members.filter((source) => !isExcepted(excepted, source));
    return [{ ...caller, members, except: excepted }];
  }
  const serviceAccounts = caller.serviceAccounts.filter(
    (account) => !isExcepted(excepted, { serviceAccount: account }),
  );
  if (serviceAccounts.length === 0) return [];
  const isLeft = ({ serviceAccount }: Source) => serviceAccounts.includes(serviceAccount);
  const [members, sharers] = [caller.members.filter(isLeft), caller.sharers.filter(isLeft)];
  return [{ ...caller, serviceAccounts, members, sharers }];
}

function meetAddresses(left: Of<'addresses'>, right: Of<'addresses'>): readonly Caller[] {
  const ipBlocks = commonBlocks(left.ipBlocks, right.ipBlocks);
  if (ipBlocks.length === 0) return [];
  return [
    {
      ...left,
      ipBlocks,
      exceptBlocks: sortedUnique([...left.exceptBlocks, ...right.exceptBlocks]),
      plaintext: left.plaintext || right.plaintext,
      outside: left.outside || right.outside,
      label: ipBlocks.join(', '),
    },
  ];
}

function narrowed(caller: Caller, other: Caller): string {
  return `${caller.label} as far as it is ${other.label}`;
}
