import type { Path } from '../../parse/document.js';
import { nounOf } from '../attribute-nouns.js';
import { isIdentityAttribute, isTokenAttribute } from '../fields.js';
import type { Truth } from '../truth.js';
import { see, type View } from '../view.js';
import type { Alternative, Clause, CompiledPolicy, CompiledRule, Condition } from './compiled.js';
import { clauseMatches, conditionMatches, ruleMatches } from './evaluate.js';
import type { Matcher } from './matcher.js';
import { isPreflight } from './token-places.js';

/** What became of one rule: whether it matched, and the part that decided. */
export interface RuleTrace {
  readonly matched: Truth;
  readonly because: string;
  readonly place: Path;
}

/** Why a rule matches what an enforcement point sees, or the first part of it that does not. */
export function explainRule(rule: CompiledRule, view: View): RuleTrace {
  const matched = ruleMatches(rule, view);
  if (matched === 'yes') return { matched, because: 'every part matches', place: rule.place };
  const clause = rule.clauses.find((candidate) => clauseMatches(candidate, view) === matched);
  return clause === undefined
    ? { matched, because: 'nothing decides', place: rule.place }
    : { matched, because: explainClause(clause, view), place: clause.place };
}

function explainClause({ alternatives }: Clause, view: View): string {
  if (alternatives.length === 0) return 'nothing is left of this part, so it never matches (§2.2)';
  return alternatives.map((alternative) => explainAlternative(alternative, view)).join('; ');
}

function explainAlternative({ conditions }: Alternative, view: View): string {
  const truths = conditions.map((condition) => conditionMatches(condition, view));
  const decisive = conditions.find((_, index) => truths[index] === (truths.includes('no') ? 'no' : 'unknown'));
  return decisive === undefined ? 'matches' : explainCondition(decisive, view);
}

/** `rule requires port `9090`, request has `8080``. */
function explainCondition(condition: Condition, view: View): string {
  const { attribute } = condition;
  const seen = see(view, attribute);
  const bearer = attribute.startsWith('source.') ? 'caller' : 'request';
  const values = seen.known ? seen.value.map((value) => `\`${value}\``).join(', ') || absenceOf(attribute, view) : '';
  const has = seen.known ? `${bearer} has ${values}` : `and ${seen.why} is not known`;
  return `rule ${requirementOf(condition)}, ${has}`;
}

function requirementOf({ attribute, anyOf, noneOf }: Condition): string {
  const noun = nounOf(attribute);
  const listed = (matchers: readonly Matcher[]) => matchers.map(describeMatcher).join(' or ');
  const isAbsent = noneOf.some(({ kind }) => kind === 'non-empty');
  if (isAbsent) return `requires no ${noun}`;
  if (anyOf.length === 0) return `excludes ${noun} ${listed(noneOf)}`;
  const wanted = anyOf.some(({ kind }) => kind === 'non-empty' || kind === 'present')
    ? `any ${noun}`
    : `${noun} ${listed(anyOf)}`;
  return `requires ${wanted}${noneOf.length > 0 ? `, but not ${listed(noneOf)}` : ''}`;
}

/** Callers and claims are absent for want of what would prove them. */
function absenceOf(attribute: Condition['attribute'], { http }: View): string {
  if (isTokenAttribute(attribute) && http?.tokenIn !== undefined && http.token === undefined) {
    return isPreflight(http) ? 'a token that is not looked at in a CORS preflight (§6.3)' : 'no validated token (§6.3)';
  }
  if (attribute === 'request.auth.principal') return 'no token';
  if (isIdentityAttribute(attribute)) return 'no certificate';
  return attribute.startsWith('request.headers') ? 'no such header' : 'none';
}

export function describeMatcher(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'exact':
    case 'template':
    case 'regex':
      return `\`${matcher.value}\``;
    case 'prefix':
      return `\`${matcher.value}*\``;
    case 'suffix':
      return `\`*${matcher.value}\``;
    case 'block':
      return `\`${matcher.block}\``;
    case 'pattern':
      return `\`${matcher.pattern}\``;
    case 'perhaps-pattern':
      return `\`${matcher.possibly}\``;
    case 'issuer-and-subject':
      return `issuer ${describeMatcher(matcher.issuer)} and subject ${describeMatcher(matcher.subject)}`;
    case 'not-modelled':
      return matcher.why;
    case 'without-port':
      return describeMatcher(matcher.matcher);
    case 'rewritten':
      return describeRewritten(matcher);
    default:
      return 'anything';
  }
}

/** By what was sent, where that can be said. */
function describeRewritten({ rewrite: { from, to }, matcher }: Extract<Matcher, { kind: 'rewritten' }>): string {
  if (matcher.kind === 'prefix' && to.startsWith(matcher.value)) return `\`${from}*\``;
  const isLonger = (matcher.kind === 'prefix' || matcher.kind === 'exact') && matcher.value.startsWith(to);
  if (isLonger) return describeMatcher({ ...matcher, value: from + matcher.value.slice(to.length) });
  return `\`${from}*\` that becomes ${describeMatcher(matcher)}`;
}

/** What would have to be known for a policy's answer not to be `unknown`. */
export function unknownsOf(policy: CompiledPolicy, view: View): string[] {
  const conditions = policy.rules
    .filter((rule) => ruleMatches(rule, view) === 'unknown')
    .flatMap(({ clauses }) => clauses.flatMap(({ alternatives }) => alternatives.flatMap((item) => item.conditions)))
    .filter((condition) => conditionMatches(condition, view) === 'unknown');
  return [...new Set(conditions.flatMap((condition) => unknownsOfCondition(condition, view)))];
}

function unknownsOfCondition({ attribute, anyOf, noneOf }: Condition, view: View): string[] {
  const seen = see(view, attribute);
  if (!seen.known) return [seen.why];
  return [...anyOf, ...noneOf].flatMap((matcher) => {
    if (matcher.kind === 'not-modelled') return [matcher.why];
    return matcher.kind === 'perhaps-pattern' ? [`how \`${matcher.possibly}\` is read`] : [];
  });
}
