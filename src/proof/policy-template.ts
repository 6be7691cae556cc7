import { mentionOf } from '../algebra/mentions.js';
import { isIdentityAttribute } from '../mesh/fields.js';
import type { CompiledPolicy, CompiledRule, Condition } from '../mesh/policies/compiled.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { accounts, joined, namespaces, type Template, unordered } from './template.js';

/** What a policy compares requests with, its callers' names apart. */
export const policyTemplate = oncePerObject(
  ({ action, provider, rules }: CompiledPolicy): Template => [
    `${action} ${provider}`,
    unordered(rules.map(ruleTemplate)),
  ],
);

function ruleTemplate({ clauses }: CompiledRule): Template {
  return joined([
    '[',
    ...clauses.flatMap(({ alternatives }) => [
      '(',
      ...alternatives.flatMap(({ conditions }) => ['{', ...conditions.flatMap(conditionTemplate), '}']),
      ')',
    ]),
    ']',
  ]);
}

function conditionTemplate({ attribute, anyOf, noneOf }: Condition): Template {
  return [attribute, ...matchersTemplate(attribute, anyOf), '!', ...matchersTemplate(attribute, noneOf)];
}

/**
 * Names of callers may stand for others. What is compared with whole identities in other ways, or with an address of the
 * destination, may not.
 */
function matchersTemplate(attribute: Attribute, matchers: readonly Matcher[]): Template {
  if (matchers.length === 0) return [];
  if (attribute === 'destination.ip') return [undefined];
  if (!isIdentityAttribute(attribute)) return [JSON.stringify(matchers)];
  const mentioned = matchers.map((matcher) => ({ matcher, mention: mentionOf(attribute, matcher) }));
  const groups = groupBy(mentioned, ({ matcher, mention }) => {
    if (mention.kind === 'nobody') return JSON.stringify(matcher);
    const trustDomain = 'value' in matcher && attribute === 'source.principal' ? matcher.value.split('/')[0] : '';
    return `${mention.kind} ${matcher.kind} ${trustDomain}`;
  });
  return [...groups].flatMap(([text, group]): Template => {
    const mentions = group.map(({ mention }) => mention);
    if (mentions.some(({ kind }) => kind === 'pattern')) return [undefined];
    const names = mentions.flatMap((mention) => ('name' in mention ? [mention.name] : []));
    if (names.length === 0) return [text];
    return [text, mentions[0]?.kind === 'account' ? accounts(names) : namespaces(names)];
  });
}
