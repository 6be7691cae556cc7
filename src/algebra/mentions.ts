import { isIdentityAttribute } from '../mesh/fields.js';
import type { Admission } from '../mesh/network-policies/admission.js';
import { type CompiledPolicy, type Condition, conditionsOf } from '../mesh/policies/compiled.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { oncePerObject } from '../util/once.js';
import { type LanePlan, policiesOf } from './lane.js';

/** Which callers a comparison can tell apart: everybody else is alike to it. */
export interface Mentions {
  /** `namespace/name` of ServiceAccounts. */
  readonly accounts: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  /** Whether addresses are compared, so that callers from outside differ. */
  readonly addresses: boolean;
  /** What is compared with whole identities in other ways. */
  readonly patterns: ReadonlyArray<{ readonly attribute: Attribute; readonly matcher: Matcher }>;
  /** The NetworkPolicies that tell pods apart by their labels. */
  readonly admissions: ReadonlySet<Admission>;
}

/** Whom some constants tell apart; an attribute may come more than once. */
function mentionsOf(constants: Iterable<readonly [Attribute, readonly Matcher[]]>): Mentions {
  const all = [...constants];
  const found = all.flatMap(([attribute, matchers]) =>
    isIdentityAttribute(attribute) ? matchers.map((matcher) => mentionOf(attribute, matcher)) : [],
  );
  return {
    accounts: new Set(found.flatMap((each) => (each.kind === 'account' ? [each.name] : []))),
    namespaces: new Set(found.flatMap((each) => (each.kind === 'namespace' ? [each.name] : []))),
    addresses: all.some(([attribute]) => attribute === 'source.ip' || attribute === 'remote.ip'),
    patterns: found.flatMap((each) => (each.kind === 'pattern' ? [each] : [])),
    admissions: new Set(),
  };
}

/** No caller is told from another. */
export const nobody: Mentions = {
  accounts: new Set(),
  namespaces: new Set(),
  addresses: false,
  patterns: [],
  admissions: new Set(),
};

/** All of them together. */
export function joinMentions(all: readonly Mentions[]): Mentions {
  return {
    accounts: new Set(all.flatMap(({ accounts }) => [...accounts])),
    namespaces: new Set(all.flatMap(({ namespaces }) => [...namespaces])),
    addresses: all.some(({ addresses }) => addresses),
    patterns: all.flatMap(({ patterns }) => patterns),
    admissions: new Set(all.flatMap(({ admissions }) => [...admissions])),
  };
}

/** Whom the policies on a lane tell apart. A policy is looked through once, however many lanes it stands on. */
export function mentionsOfPlan(plan: LanePlan): Mentions {
  const ofNetwork = { ...nobody, admissions: new Set(plan.ways.flatMap(({ admissions = [] }) => admissions)) };
  return joinMentions([...policiesOf(plan).map(mentionsOfPolicy), ofNetwork]);
}

/** Whom one policy tells apart. */
export const mentionsOfPolicy = oncePerObject(
  (policy: CompiledPolicy): Mentions => mentionsOf(conditionsOf(policy).map(comparedIn)),
);

function comparedIn({ attribute, anyOf, noneOf }: Condition): readonly [Attribute, readonly Matcher[]] {
  return [attribute, noneOf.length === 0 ? anyOf : [...anyOf, ...noneOf]];
}

/** Whom one matcher singles out. */
type Mention =
  | { readonly kind: 'account' | 'namespace'; readonly name: string }
  | { readonly kind: 'pattern'; readonly attribute: Attribute; readonly matcher: Matcher }
  | { readonly kind: 'nobody' };

/** What one matcher singles out. Callers of different trust domains are never taken together, so these need no mention. */
export function mentionOf(attribute: Attribute, matcher: Matcher): Mention {
  if (matcher.kind === 'non-empty' || matcher.kind === 'present' || attribute === 'source.trustDomain') {
    return { kind: 'nobody' };
  }
  const text = writtenText(matcher);
  if (text !== undefined && attribute === 'source.serviceAccount') return { kind: 'account', name: text };
  if (text !== undefined && attribute === 'source.namespace') return { kind: 'namespace', name: text };
  if (attribute !== 'source.principal') return { kind: 'pattern', attribute, matcher };
  return principalMention(matcher, text) ?? { kind: 'pattern', attribute, matcher };
}

function writtenText(matcher: Matcher): string | undefined {
  return matcher.kind === 'exact' && !matcher.ignoreCase ? matcher.value : undefined;
}

/** One identity, one namespace by its prefix, or one namespace as Envoy looks for it within identities (§8.4). */
function principalMention(matcher: Matcher, text: string | undefined): Mention | undefined {
  const whole = /^[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(text ?? '');
  if (whole) return { kind: 'account', name: `${whole[1]}/${whole[2]}` };
  if (text !== undefined) return { kind: 'nobody' };
  const within = matcher.kind === 'pattern' ? /^\.\*\/ns\/([a-z0-9-]+)\/\.\*$/.exec(matcher.pattern) : null;
  const before = matcher.kind === 'prefix' ? /^[^/]+\/ns\/([^/]+)\/(?:sa\/)?$/.exec(matcher.value) : null;
  const namespace = within?.[1] ?? before?.[1];
  return namespace === undefined ? undefined : { kind: 'namespace', name: namespace };
}
