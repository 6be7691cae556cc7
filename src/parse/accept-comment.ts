import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Located, Span } from '../diagnostics/diagnostic.js';
import { didYouMean, suggest } from '../util/suggest.js';

/** What a comment says it accepts. */
export interface AcceptComment {
  readonly codes: ReadonlyArray<Located<string>>;
  readonly until: Located<string>;
  readonly reason: string;
  readonly owner: string | undefined;
}

/** `ignore` is what other tools call it, and means the same. */
const verbs = ['accept', 'ignore'];
const keywords = ['until', 'by', 'because'] as const;
type Keyword = (typeof keywords)[number];

/**
 * Reads what stands after `# ambit:`: `accept <codes> until <day> [by <owner>] because <reason>`. A comment that says
 * something else is a fault: whoever wrote it believes that it does something.
 */
export function readAcceptComment(body: Span): AcceptComment | Diagnostic {
  const [verb, ...rest] = wordsOf(body);
  if (verb === undefined) return malformed(body, 'it is empty');
  if (!verbs.includes(verb.value)) return unknownWord(verb, verbs.slice(0, 1), verbs);
  const first = rest.findIndex(({ value }) => !looksLikeCode(value));
  const codes = rest.slice(0, first === -1 ? rest.length : first);
  if (codes.length === 0) return malformed(rest[0]?.span ?? verb.span, 'it names no code');
  return readClauses(body, codes, rest.slice(codes.length));
}

function readClauses(
  body: Span,
  codes: AcceptComment['codes'],
  words: ReadonlyArray<Located<string>>,
): AcceptComment | Diagnostic {
  const clauses = new Map<Keyword, Located<string>>();
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    const keyword = keywords.find((each) => each === word?.value);
    if (word === undefined || keyword === undefined) return unknownWord(word ?? located(body), keywords, keywords);
    const end = endOfClause(words, at + 1, keyword);
    const text = textBetween(words[at + 1], words[end - 1]);
    if (text === undefined) return malformed(word.span, `nothing stands after \`${keyword}\``);
    clauses.set(keyword, text);
    at = end;
  }
  const [until, reason] = [clauses.get('until'), clauses.get('because')];
  if (until === undefined) return malformed(body, 'it has no last day');
  if (reason === undefined) return malformed(body, 'it gives no reason');
  return { codes, until, reason: reason.value, owner: clauses.get('by')?.value };
}

/** A day is one word, an owner goes on to the next keyword, and a reason to the end of the line. */
function endOfClause(words: ReadonlyArray<Located<string>>, start: number, keyword: Keyword): number {
  if (keyword === 'until') return Math.min(start + 1, words.length);
  const next = words.findIndex(({ value }, index) => index >= start && keywords.some((each) => each === value));
  return keyword === 'because' || next === -1 ? words.length : next;
}

function looksLikeCode(word: string): boolean {
  return /^AMB\S*\d\S*$/i.test(word);
}

/** Commas separate as spaces do. */
function wordsOf(body: Span): Array<Located<string>> {
  const text = body.file.text.slice(body.start, body.end);
  return [...text.matchAll(/[^\s,]+/g)].map((match) => {
    const start = body.start + match.index;
    return { value: match[0], span: { file: body.file, start, end: start + match[0].length } };
  });
}

function textBetween(first: Located<string> | undefined, last: Located<string> | undefined) {
  if (first === undefined || last === undefined || last.span.end < first.span.end) return undefined;
  return located({ ...first.span, end: last.span.end });
}

function located(span: Span): Located<string> {
  return { value: span.file.text.slice(span.start, span.end), span };
}

function unknownWord({ value, span }: Located<string>, shown: readonly string[], known: readonly string[]): Diagnostic {
  const near = suggest(value, known);
  const why = `\`${value}\` is none of its words`;
  const words = shown.map((word) => `\`${word}\``);
  return malformed(span, why, didYouMean(near).help ?? `write ${words.join(' or ')}`);
}

/** Why a comment accepts nothing. */
export function malformed(span: Span, why: string, help?: string): Diagnostic {
  return diagnostic('malformed-comment', { why }, span, help === undefined ? {} : { help });
}
