import type { Span } from '../diagnostics/diagnostic.js';
import type { Responsible } from './responsible.js';

/** An intent behind a policy, by its id, and its line as far as it is known. */
export interface SourceIntent {
  readonly id: string;
  readonly reason: string | undefined;
  /** The path as the compiler knew it. */
  readonly place: { readonly file: string; readonly line: number } | undefined;
}

/**
 * Who asked for what decided, as the policy itself says: its annotation names every intent behind it, the comment above
 * the rule that decided those behind the rule, and comments know the lines that the intents had when they were compiled.
 */
export function writtenSourceIntents({
  intents,
  span,
}: Pick<Responsible, 'intents' | 'span'>): readonly SourceIntent[] {
  const behindRule = intentsSaid(commentAbove(span), intents);
  if (behindRule.length > 0) return behindRule;
  const anywhere = intentsSaid(commentsAround(span), intents);
  return intents.map((id) => anywhere.find((intent) => intent.id === id) ?? unplaced(id));
}

function unplaced(id: string): SourceIntent {
  return { id, reason: undefined, place: undefined };
}

/** `# payments/checkout-charges (intents/payments.yaml:12): why it stands here`; the id alone where places are left out. */
const intentLine = /^ *# (?:for )?([^\s:]+?)(?: \((.+):(\d+)\))?(?:: .*)?$/;

function intentsSaid(comment: readonly string[], known: readonly string[]): readonly SourceIntent[] {
  const sourceIntents = comment.flatMap((line): SourceIntent[] => {
    const [, id, file, number] = intentLine.exec(line) ?? [];
    if (id === undefined || !known.includes(id)) return [];
    return [{ ...unplaced(id), place: file === undefined ? undefined : { file, line: Number(number) } }];
  });
  const reasons = comment.flatMap((line) => /^ *# reason: (.+)$/.exec(line)?.[1] ?? []);
  // Of several rules in one comment, nothing says whose reason it is.
  return sourceIntents.length === 1
    ? sourceIntents.map((intent) => ({ ...intent, reason: reasons[0] }))
    : sourceIntents;
}

function commentAbove({ file, start }: Span): readonly string[] {
  const lines = file.text.slice(0, start).split('\n').slice(0, -1);
  const last = lines.findLastIndex((line) => !isComment(line));
  return lines.slice(last + 1);
}

/** All comments of the document. */
function commentsAround({ file, start }: Span): readonly string[] {
  const end = file.text.indexOf('\n---', start);
  const document = file.text.slice(file.text.lastIndexOf('\n---', start) + 1, end === -1 ? undefined : end);
  return document.split('\n').filter(isComment);
}

function isComment(line: string): boolean {
  return /^ *#/.test(line);
}
