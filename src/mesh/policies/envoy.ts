import { oncePerObject } from '../../util/once.js';
import { isHttpAttribute } from '../fields.js';
import type { Clause, CompiledPolicy, CompiledRule, Condition, Loss } from './compiled.js';
import { type EnvoyContext, envoyMatchers } from './envoy-matchers.js';
import type { AuthorizationPolicy, Item, Rule, Test } from './policy.js';

export type EnvoyChain = 'http' | 'tcp';

/**
 * A policy as an Envoy proxy enforces it. On an HTTP chain everything is seen. On a TCP chain an ALLOW rule that needs
 * the request is skipped and denies by absence, while any other rule merely loses those conditions and so matches
 * more: both directions deny (§2.5).
 */
export function compileForEnvoy(policy: AuthorizationPolicy, chain: EnvoyChain, context: EnvoyContext): CompiledPolicy {
  const skips = (rule: Rule): boolean => chain === 'tcp' && policy.action === 'ALLOW' && needsRequest(rule);
  return {
    policy,
    action: policy.action,
    provider: policy.provider,
    rules: policy.rules.filter((rule) => !skips(rule)).map((rule) => compiledRule(rule)(chain, context)),
    lost: chain === 'http' ? [] : policy.rules.flatMap((rule) => lossOf(rule, skips(rule))),
  };
}

/** A rule is compiled once for a chain and its surroundings, whatever becomes of the rules beside it. */
const compiledRule = oncePerObject((rule: Rule) => {
  const known = new Map<string, CompiledRule>();
  return (chain: EnvoyChain, context: EnvoyContext): CompiledRule => {
    const key = [chain, context.version, context.namespace, ...context.trustDomains].join('\n');
    const compiled = known.get(key) ?? compileRule(rule, chain, context);
    known.set(key, compiled);
    return compiled;
  };
});

function compileRule(rule: Rule, chain: EnvoyChain, context: EnvoyContext): CompiledRule {
  const clause = (items: readonly Item[]): Clause[] => {
    const [first] = items;
    if (first === undefined) return [];
    const alternatives = items.map((item) => ({ conditions: compileItem(item, chain, context) }));
    return [{ alternatives, place: first.place }];
  };
  const clauses = [...clause(rule.from), ...clause(rule.to), ...rule.when.flatMap((item) => clause([item]))];
  return { clauses, place: rule.place };
}

function compileItem(item: Item, chain: EnvoyChain, context: EnvoyContext): Condition[] {
  return item.tests
    .filter(({ attribute }) => chain === 'http' || !isHttpAttribute(attribute))
    .map((test) => compileTest(test, context));
}

/** Namespaces are matched inside the principal, the way Envoy does it: there is no namespace of its own (§8.4). */
function compileTest({ field, attribute, values, notValues, place }: Test, context: EnvoyContext): Condition {
  const compile = (value: string) => envoyMatchers(attribute, value, context);
  return {
    attribute: attribute === 'source.namespace' ? 'source.principal' : attribute,
    field,
    anyOf: values.flatMap(compile),
    noneOf: notValues.flatMap(compile),
    place,
  };
}

function needsRequest(rule: Rule): boolean {
  return requestTests(rule).length > 0;
}

function requestTests({ from, to, when }: Rule): readonly Test[] {
  return [...from, ...to, ...when].flatMap(({ tests }) => tests).filter(({ attribute }) => isHttpAttribute(attribute));
}

function lossOf(rule: Rule, skipped: boolean): readonly Loss[] {
  const [first] = requestTests(rule);
  if (first === undefined) return [];
  const effect = skipped ? 'the rule is dropped' : 'the rule matches without it';
  return [{ place: first.place, why: `\`${first.field}\` needs a request, and this is a TCP chain: ${effect} (§2.5)` }];
}
