import { isIdentityAttribute, isTokenAttribute } from '../../mesh/fields.js';
import type { AuthorizationPolicy, Item, Rule, Test } from '../../mesh/policies/policy.js';
import type { JsonValue } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import type { Names } from '../names/names.js';
import { liftCallers } from './callers.js';
import { joinedRequests } from './joined-requests.js';
import type { Caller, LiftedPolicy, LiftedRule, Requests, Section, Unsaid } from './lifted.js';
import { type Comments, commentsOf, merged, remarksOfObject, remarksOfRule } from './remarks.js';
import { liftRequests } from './requests.js';
import { type KnownIssuers, liftTokens } from './token.js';
import { unique, withoutRepeats } from './without-repeats.js';

/** What the words of a rule are taken from. */
export interface Vocabulary {
  readonly names: Names;
  readonly issuers: KnownIssuers;
}

/** What an AuthorizationPolicy says, in the words of the language; or all that cannot be said of it. */
export function liftAuthorization(vocabulary: Vocabulary, policy: AuthorizationPolicy): LiftedPolicy {
  const { object, action, rules } = policy;
  const unsaid = (because: string): LiftedPolicy => ({
    object,
    rules: [],
    unsaid: [{ because, path: ['spec'] }],
  });
  if (action === 'AUDIT')
    return unsaid('it records and decides nothing: `audit` may say the same, and nothing proves that it does');
  const section = sections[action];
  const comments = commentsOf(object);
  const lifted = rules.map((rule) => liftRule(vocabulary, rule, section, comments));
  const faults = lifted.flatMap((each) => ('because' in each ? [each] : []));
  if (faults.length > 0) return { object, rules: [], unsaid: faults };
  const own = remarksOfObject(object, comments);
  const said = lifted.flatMap((each) => ('because' in each ? [] : each));
  const told = withoutRepeats(said).map((rule) => ({
    ...rule,
    provider: section === 'external' ? policy.provider : undefined,
    remarks: merged(rule.remarks, own),
  }));
  return { object, rules: told, unsaid: [] };
}

const sections: Readonly<Record<Exclude<AuthorizationPolicy['action'], 'AUDIT'>, Section>> = {
  ALLOW: 'allow',
  DENY: 'deny',
  CUSTOM: 'external',
};

function liftRule(
  { names, issuers }: Vocabulary,
  rule: Rule,
  section: Section,
  comments: Comments,
): readonly LiftedRule[] | Unsaid {
  const all = rule.when.flatMap(({ tests }) => tests);
  const sources = withTests(
    rule.from,
    all.filter((test) => isAboutCallers(test) || isAboutTokens(test)),
    rule,
  );
  const operations = withTests(
    rule.to,
    all.filter((test) => !isAboutCallers(test) && !isAboutTokens(test)),
    rule,
  );
  const requests = (operations ?? []).map(liftRequests);
  const parts = (sources ?? [undefined]).map((item) => liftSource(names, issuers, item, section));
  const [fault] = [...requests, ...parts].flatMap((each) => ('because' in each ? [each] : []));
  if (fault) return fault;
  const remarks = remarksOfRule(comments, rule.place);
  const asked = requests.flatMap((each): readonly Requests[] => ('because' in each ? [] : each));
  const told = parts.flatMap((each) => ('because' in each ? [] : each));
  const byToken = [...groupBy(told, ({ token, from }) => JSON.stringify([token ?? null, from === undefined])).values()];
  return byToken.map((same, index) => ({
    section,
    from: same[0]?.from && unique(same.flatMap(({ from }) => from ?? [])),
    token: same[0]?.token,
    provider: undefined,
    requests: joinedRequests(asked),
    remarks,
    count: index === 0 ? 1 : 0,
  }));
}

interface Sender {
  readonly from: readonly Caller[] | undefined;
  readonly token: JsonValue | undefined;
}

/** Who sends, with which token: one for each token that is an alternative. */
function liftSource(
  names: Names,
  issuers: KnownIssuers,
  item: Item | undefined,
  section: Section,
): readonly Sender[] | Unsaid {
  if (item === undefined) return [{ from: undefined, token: undefined }];
  const aboutTokens = item.tests.filter(isAboutTokens);
  const tests = item.tests.filter((test) => !isAboutTokens(test));
  const from = tests.length === 0 ? undefined : liftCallers(names, { ...item, tests }, section);
  if (from !== undefined && 'because' in from) return from;
  const tokens = aboutTokens.length === 0 ? [undefined] : liftTokens(issuers, aboutTokens);
  return 'because' in tokens ? tokens : tokens.map((token) => ({ from, token }));
}

function isAboutTokens({ attribute }: Test): boolean {
  return isTokenAttribute(attribute);
}

function isAboutCallers({ attribute }: Test): boolean {
  return isIdentityAttribute(attribute) || attribute === 'source.ip' || attribute === 'remote.ip';
}

/** What holds for all items holds for each of them; without any, it is the only one. */
function withTests(items: readonly Item[], tests: readonly Test[], { place }: Rule): readonly Item[] | undefined {
  if (items.length > 0) return items.map((item) => ({ ...item, tests: [...item.tests, ...tests] }));
  return tests.length > 0 ? [{ tests, place }] : undefined;
}
