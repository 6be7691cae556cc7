import { parseBlock } from '../ip.js';
import type { Attribute } from '../view.js';
import type { Alternative, Clause, CompiledPolicy, CompiledRule, Condition, Loss } from './compiled.js';
import { exactly, type Matcher, textMatcher } from './matcher.js';
import type { AuthorizationPolicy, Item, Rule, Test } from './policy.js';

/** What `source` and `operation` items become at ztunnel; `trustDomains` is left out without a word (§2.2, §2.3). */
const itemAttributes: ReadonlySet<Attribute> = new Set<Attribute>([
  'source.principal',
  'source.namespace',
  'source.serviceAccount',
  'source.ip',
  'destination.port',
]);

/** The `when` keys that ztunnel understands: `source.serviceAccount` is not among them (§1.6). */
const conditionAttributes: ReadonlySet<Attribute> = new Set<Attribute>([
  'source.principal',
  'source.namespace',
  'source.ip',
  'destination.ip',
  'destination.port',
]);

/**
 * A policy as ztunnel enforces it (§2.2). An ALLOW rule with anything it cannot see is dropped whole, and the policy
 * still denies by existing; of a DENY rule only the blind fields go, and a clause of which nothing is left never
 * matches, so that the rule denies nothing. `undefined` for a policy that istiod does not send.
 */
export function compileForZtunnel(policy: AuthorizationPolicy): CompiledPolicy | undefined {
  if (policy.action !== 'ALLOW' && policy.action !== 'DENY') return undefined;
  if (policy.scope.kind === 'targets') return undefined;
  const drops = (rule: Rule): boolean => policy.action === 'ALLOW' && blindTests(rule).length > 0;
  return {
    policy,
    action: policy.action,
    provider: undefined,
    rules: policy.rules.filter((rule) => !drops(rule)).map((rule) => compileRule(rule, policy.namespace)),
    lost: policy.rules.flatMap((rule) => lossOf(rule, drops(rule))),
  };
}

/** One clause for all `from` items, one for all `to` items, one for each `when` (§2.2). */
function compileRule(rule: Rule, namespace: string): CompiledRule {
  const clause = (items: readonly Item[], attributes: ReadonlySet<Attribute>): Clause[] => {
    const [first] = items;
    if (first === undefined) return [];
    const alternatives = items.map((item) => compileItem(item, attributes, namespace));
    return [{ alternatives: alternatives.filter(({ conditions }) => conditions.length > 0), place: first.place }];
  };
  return {
    clauses: [
      ...clause(rule.to, itemAttributes),
      ...clause(rule.from, itemAttributes),
      ...rule.when.flatMap((item) => clause([item], conditionAttributes)),
    ],
    place: rule.place,
  };
}

function compileItem(item: Item, attributes: ReadonlySet<Attribute>, namespace: string): Alternative {
  const conditions = item.tests
    .filter(({ attribute }) => attributes.has(attribute))
    .map((test) => compileTest(test, namespace))
    .filter(({ anyOf, noneOf }) => anyOf.length + noneOf.length > 0);
  return { conditions };
}

function compileTest({ field, attribute, values, notValues, place }: Test, namespace: string): Condition {
  const compile = (value: string) => matcherOf(attribute, value, namespace);
  return {
    attribute,
    field,
    anyOf: values.flatMap(compile),
    noneOf: notValues.flatMap(compile),
    place,
  };
}

/** Ports and addresses that do not parse are dropped from their list, which may widen it (§2.2, §8.4). */
function matcherOf(attribute: Attribute, value: string, namespace: string): readonly Matcher[] {
  switch (attribute) {
    case 'source.ip':
    case 'destination.ip':
      return parseBlock(value) === undefined ? [] : [{ kind: 'block', block: value }];
    case 'destination.port':
      return /^\d+$/.test(value) && Number(value) <= 65535 ? [exactly(String(Number(value)))] : [];
    case 'source.serviceAccount':
      return [exactly(value.includes('/') ? value : `${namespace}/${value}`)];
    default:
      return [textMatcher(value)];
  }
}

/** What istiod reports as needing a waypoint: everything unknown but `trustDomains` (§2.3). */
function blindTests({ from, to, when }: Rule): readonly Test[] {
  const inItems = [...from, ...to]
    .flatMap(({ tests }) => tests)
    .filter(({ attribute }) => !itemAttributes.has(attribute) && attribute !== 'source.trustDomain');
  const inConditions = when
    .flatMap(({ tests }) => tests)
    .filter(({ attribute }) => !conditionAttributes.has(attribute));
  return [...inItems, ...inConditions];
}

function lossOf(rule: Rule, dropped: boolean): readonly Loss[] {
  const [first] = blindTests(rule);
  if (first === undefined) return [];
  const effect = dropped
    ? 'the rule is dropped'
    : 'the field is dropped, and a clause of which nothing is left never matches';
  return [{ place: first.place, why: `ztunnel cannot see \`${first.field}\`: ${effect} (§2.3)` }];
}
