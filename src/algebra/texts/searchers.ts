import type { PrefixRewrite, TextMatcher } from '../../mesh/policies/matcher.js';
import { groupBy } from '../../util/order.js';
import { literalMachine } from './literal-machine.js';
import type { Literal, Searcher } from './machine.js';
import { presenceMachine } from './presence-machine.js';
import { regexMachine } from './regex-machine.js';
import { rewrittenMachine } from './rewritten-machine.js';
import { suffixMachine } from './suffix-machine.js';
import { templateMachine } from './template-machine.js';
import { withoutPortMachine } from './without-port-machine.js';

/** A matcher, and its index among all. */
export interface Placed {
  readonly matcher: TextMatcher;
  readonly index: number;
}

/**
 * The machines that look for some matchers together: one for whole texts and beginnings, one for endings, one for
 * templates, one for each regular expression, and the same again for hosts without their port and for what each rewrite
 * makes of texts. None for what is not looked for.
 */
export function searchersFor(placed: readonly Placed[]): readonly Searcher[] {
  const of = (kind: TextMatcher['kind']) => placed.filter(({ matcher }) => matcher.kind === kind);
  const literals = (kind: TextMatcher['kind']) => of(kind).map(literalOf);
  const indexes = (kind: TextMatcher['kind']) => of(kind).map(({ index }) => index);
  const [wholes, beginnings, endings, templates] = [
    literals('exact'),
    literals('prefix'),
    literals('suffix'),
    literals('template'),
  ];
  const [present, notEmpty] = [indexes('present'), indexes('non-empty')];
  return [
    ...(wholes.length + beginnings.length > 0 ? [literalMachine(wholes, beginnings)] : []),
    ...(endings.length > 0 ? [suffixMachine(endings)] : []),
    ...(templates.length > 0 ? [templateMachine(templates)] : []),
    ...literals('regex').map(regexMachine),
    ...(present.length + notEmpty.length > 0 ? [presenceMachine(present, notEmpty)] : []),
    ...withoutPort(placed),
    ...rewritten(placed),
  ];
}

function withoutPort(placed: readonly Placed[]): readonly Searcher[] {
  const found = placed.flatMap(({ matcher, index }) =>
    matcher.kind === 'without-port' ? [{ matcher: matcher.matcher, index }] : [],
  );
  return found.length === 0 ? [] : searchersFor(found).map(withoutPortMachine);
}

/** Matchers of what one rewrite makes of texts are looked for together. */
function rewritten(placed: readonly Placed[]): readonly Searcher[] {
  const found = placed.flatMap(({ matcher, index }) => (matcher.kind === 'rewritten' ? [{ ...matcher, index }] : []));
  return [...groupBy(found, ({ rewrite }) => keyOf(rewrite)).values()].flatMap((group) => {
    const rewrite = group[0]?.rewrite;
    if (rewrite === undefined) return [];
    return searchersFor(group).map((inner) => rewrittenMachine(rewrite, inner));
  });
}

function keyOf({ from, to, alone }: PrefixRewrite): string {
  return JSON.stringify([from, to, alone]);
}

function literalOf({ matcher, index }: Placed): Literal {
  return { text: 'value' in matcher ? folded(matcher) : '', index };
}

/** Texts are folded before where case does not count. */
export function folded(matcher: Extract<TextMatcher, { readonly value: string }>): string {
  return 'ignoreCase' in matcher && matcher.ignoreCase ? matcher.value.toLowerCase() : matcher.value;
}
