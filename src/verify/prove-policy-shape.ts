import { groupBy } from '../util/order.js';
import { mentionOf } from './algebra/mentions.js';
import type { CompiledPolicy, CompiledRule, Condition } from './compiled.js';
import type { Matcher } from './matcher.js';
import { accounts, joined, namespaces, type Shape, unordered } from './prove-names.js';
import type { Attribute } from './view.js';

const known = new WeakMap<CompiledPolicy, Shape>();

/** What a policy compares requests with, its callers' names apart. */
export function policyShape(policy: CompiledPolicy): Shape {
  const shape = known.get(policy) ?? [`${policy.action} ${policy.provider}`, unordered(policy.rules.map(ruleShape))];
  known.set(policy, shape);
  return shape;
}

function ruleShape({ clauses }: CompiledRule): Shape {
  return joined([
    '[',
    ...clauses.flatMap(({ alternatives }) => [
      '(',
      ...alternatives.flatMap(({ conditions }) => ['{', ...conditions.flatMap(conditionShape), '}']),
      ')',
    ]),
    ']',
  ]);
}

function conditionShape({ attribute, anyOf, noneOf }: Condition): Shape {
  return [attribute, ...matchersShape(attribute, anyOf), '!', ...matchersShape(attribute, noneOf)];
}

/**
 * Names of callers may stand for others. What is compared with whole identities in other ways, or with an address of the
 * destination, may not.
 */
function matchersShape(attribute: Attribute, matchers: readonly Matcher[]): Shape {
  if (matchers.length === 0) return [];
  if (attribute === 'destination.ip') return [undefined];
  if (!attribute.startsWith('source.') || attribute === 'source.ip') return [JSON.stringify(matchers)];
  const mentioned = matchers.map((matcher) => ({ matcher, mention: mentionOf(attribute, matcher) }));
  const groups = groupBy(mentioned, ({ matcher, mention }) => {
    if (mention.kind === 'nobody') return JSON.stringify(matcher);
    const trustDomain = 'value' in matcher && attribute === 'source.principal' ? matcher.value.split('/')[0] : '';
    return `${mention.kind} ${matcher.kind} ${trustDomain}`;
  });
  return [...groups].flatMap(([text, group]): Shape => {
    const mentions = group.map(({ mention }) => mention);
    if (mentions.some(({ kind }) => kind === 'pattern')) return [undefined];
    const names = mentions.flatMap((mention) => ('name' in mention ? [mention.name] : []));
    if (names.length === 0) return [text];
    return [text, mentions[0]?.kind === 'account' ? accounts(names) : namespaces(names)];
  });
}
