import { isIdentityAttribute } from '../../mesh/fields.js';
import type { AuthorizationPolicy, Item, Rule, Test } from '../../mesh/policies/policy.js';
import type { Names } from '../names/names.js';
import { liftCallers } from './callers.js';
import type { Caller, LiftedPolicy, LiftedRule, Requests, Section, Unsaid } from './lifted.js';
import { type Comments, commentsOf, merged, remarksOfObject, remarksOfRule } from './remarks.js';
import { liftRequests } from './requests.js';

/** What an AuthorizationPolicy says, in the words of the language; or all that cannot be said of it. */
export function liftAuthorization(names: Names, policy: AuthorizationPolicy): LiftedPolicy {
  const { object, action, dryRun, rules } = policy;
  const unsaid = (because: string): LiftedPolicy => ({
    object,
    rules: [],
    unsaid: [{ because, path: ['spec'] }],
  });
  if (dryRun) return unsaid('a dry run decides nothing: its rules are for `stage: Shadow`');
  if (action === 'CUSTOM' || action === 'AUDIT') return unsaid(`rules with action ${action} are not imported`);
  const section: Section = action === 'DENY' ? 'deny' : 'allow';
  const comments = commentsOf(object);
  const lifted = rules.map((rule) => liftRule(names, rule, section, comments));
  const faults = lifted.flatMap((each) => (Array.isArray(each) ? each : []));
  if (faults.length > 0) return { object, rules: [], unsaid: faults };
  const own = remarksOfObject(object, comments);
  const said = lifted.flatMap((each) => ('section' in each ? [each] : []));
  return {
    object,
    rules: withoutRepeats(said).map((rule) => ({
      ...rule,
      remarks: merged(rule.remarks, { reason: own.reason, owner: own.owner }),
    })),
    unsaid: [],
  };
}

function liftRule(names: Names, rule: Rule, section: Section, comments: Comments): LiftedRule | readonly Unsaid[] {
  const aboutCallers = rule.when.flatMap(({ tests }) => tests.filter(isAboutCallers));
  const aboutRequests = rule.when.flatMap(({ tests }) => tests.filter((test) => !isAboutCallers(test)));
  const sources = withTests(rule.from, aboutCallers, rule);
  const operations = withTests(rule.to, aboutRequests, rule);
  const from = sources?.map((item) => liftCallers(names, item, section));
  const requests = (operations ?? []).map(liftRequests);
  const faults = [...(from ?? []), ...requests].flatMap((each) => ('because' in each ? [each] : []));
  if (faults.length > 0) return faults;
  return {
    section,
    from: from && unique(from.flatMap((each) => ('because' in each ? [] : each))),
    requests: requests.flatMap((each): readonly Requests[] => ('because' in each ? [] : each)),
    remarks: remarksOfRule(comments, rule.place),
    count: 1,
  };
}

function isAboutCallers({ attribute }: Test): boolean {
  return isIdentityAttribute(attribute) || attribute === 'source.ip' || attribute === 'remote.ip';
}

/** What holds for all items holds for each of them; without any, it is the only one. */
function withTests(items: readonly Item[], tests: readonly Test[], { place }: Rule): readonly Item[] | undefined {
  if (items.length > 0) return items.map((item) => ({ ...item, tests: [...item.tests, ...tests] }));
  return tests.length > 0 ? [{ tests, place }] : undefined;
}

/** Rules of one policy that differ in their callers alone, or in their requests alone, are one rule to a reader. */
function withoutRepeats(rules: readonly LiftedRule[]): readonly LiftedRule[] {
  const joined: LiftedRule[] = [];
  for (const rule of rules) {
    const at = joined.findIndex((other) => isAlike(other, rule));
    const other = joined[at];
    if (other === undefined) joined.push(rule);
    else joined[at] = join(other, rule);
  }
  return joined;
}

function isAlike(one: LiftedRule, other: LiftedRule): boolean {
  const isSame = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
  if (!isSame(one.remarks, other.remarks) && Object.keys(other.remarks).length > 0) return false;
  const both = one.from !== undefined && other.from !== undefined;
  const asked = one.requests.length > 0 && other.requests.length > 0;
  return (isSame(one.from, other.from) && asked) || (both && isSame(one.requests, other.requests));
}

function join(one: LiftedRule, other: LiftedRule): LiftedRule {
  return {
    ...one,
    from: one.from && other.from && unique([...one.from, ...other.from]),
    requests: unique([...one.requests, ...other.requests]),
    count: one.count + other.count,
  };
}

function unique<T extends Caller | Requests>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
