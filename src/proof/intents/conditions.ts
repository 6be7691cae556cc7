import type { Constants } from '../../algebra/constants.js';
import { mergeConstants } from '../../algebra/constants.js';
import type { Test } from '../../algebra/dimension.js';
import { askedOfSent, isAsSent, type Rewritten } from '../../algebra/routes/rewritten.js';
import { type Matcher, type TextMatcher, textMatcher } from '../../mesh/policies/matcher.js';
import { isTemplate } from '../../mesh/policies/path-template.js';
import type { Attribute } from '../../mesh/view.js';
import type { Condition, RequestKey } from '../../parse/ast.js';
import type { DestinationPort } from '../../resolve/resolved.js';
import { oncePerObject } from '../../util/once.js';
import type { Demand } from './demands.js';
import { constantsOfTokens } from './tokens.js';

/** What is said of requests, whomever they are sent to. */
export interface Compared {
  readonly conditions: readonly Condition[];
  /** As clients may write them behind a host. */
  readonly ports: readonly Pick<DestinationPort, 'service'>[] | undefined;
}

/** What a rule's target says of requests, tokens apart, as what each compares with what; all of them must hold. */
export function comparisonsOf({ target }: { readonly target: Compared }): readonly Test[] {
  return target.conditions.length === 0 ? [] : comparisons(target);
}

const comparisons = oncePerObject(({ conditions, ports }: Compared): readonly Test[] =>
  testsOf(
    conditions,
    (ports ?? []).flatMap(({ service }) => service ?? []),
  ),
);

/** What conditions compare with what, tokens and server names apart, where callers may write these ports behind a host. */
export function testsOf(conditions: readonly Condition[], numbers: readonly number[]): readonly Test[] {
  return conditions.flatMap(({ key, name, values, isNegated }) => {
    if (key === 'token' || key === 'serverNames') return [];
    const matchers = values.flatMap(({ value }) => matchersOf(key, value, numbers));
    const [anyOf, noneOf] = isNegated ? [[], matchers] : [matchers, []];
    return [{ attribute: attributeOf(key, name), anyOf, noneOf }];
  });
}

type OfRequest = Exclude<RequestKey, 'serverNames'>;

function attributeOf(key: OfRequest, name: string | undefined): Attribute {
  if (key === 'headers') return `request.headers[${(name ?? '').toLowerCase()}]`;
  const attributes = { methods: 'request.method', paths: 'request.path', hosts: 'request.host' } as const;
  return attributes[key];
}

function matchersOf(key: OfRequest, value: string, ports: readonly number[]): readonly TextMatcher[] {
  switch (key) {
    case 'methods':
      return [{ kind: 'exact', value, ignoreCase: false }];
    case 'paths':
      return [isTemplate(value) ? { kind: 'template', value } : textMatcher(value)];
    case 'hosts':
      return hostMatchers(value, ports);
    case 'headers':
      return [value === '*' ? { kind: 'present' } : textMatcher(value)];
  }
}

/**
 * A host means the same with and without a port. After a suffix only the ports of the Service can be told apart from
 * more of a name.
 */
function hostMatchers(host: string, ports: readonly number[]): readonly TextMatcher[] {
  if (host.endsWith('*')) return [textMatcher(host, true)];
  if (host.startsWith('*'))
    return [host, ...ports.map((port) => `${host}:${port}`)].map((text) => textMatcher(text, true));
  return [textMatcher(host, true), { kind: 'prefix', value: `${host}:`, ignoreCase: true }];
}

/** Everything that the intents compare requests to a workload with; addresses of callers among it. */
export function constantsOfDemand(demand: Demand, arriving: Rewritten): Constants {
  const { allow, deny, asked: askedAbout, plaintext, audited } = demand;
  const grants = [...allow, ...deny, ...askedAbout, ...plaintext, ...audited];
  const blocks = grants.flatMap(({ rule }) =>
    rule.callers.flatMap((caller) => (caller.kind === 'addresses' ? [...caller.ipBlocks, ...caller.exceptBlocks] : [])),
  );
  const comparisons = grants.flatMap(comparisonsOf);
  const asked = isAsSent(arriving) ? comparisons : [...comparisons, ...comparisons.map(askedOfSent(arriving))];
  return mergeConstants([
    ...asked.map(
      ({ attribute, anyOf, noneOf }) => new Map<Attribute, readonly Matcher[]>([[attribute, [...anyOf, ...noneOf]]]),
    ),
    constantsOfTokens(demand),
    ...(blocks.length === 0 ? [] : [new Map([['source.ip' as const, blocks.map(asBlock)]])]),
  ]);
}

export function asBlock(block: string): Matcher {
  return { kind: 'block', block };
}
