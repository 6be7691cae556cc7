import type { Span } from '../../diagnostics/diagnostic.js';
import { type Asker, type AskersOf, unplaced } from './origins.js';

/**
 * Who asked for what decided, as the policy itself says: its annotation names every intent behind it, the comment above
 * the rule that decided those behind the rule, and comments know the lines of the intents when they were compiled.
 */
export const writtenAskers: AskersOf = ({ intents, span }) => {
  const known = (asker: Asker) => intents.includes(asker.id);
  const behindRule = askersSaid(commentAbove(span)).filter(known);
  if (behindRule.length > 0) return behindRule;
  const header = new Map(askersSaid(headerOf(span)).map((asker) => [asker.id, asker]));
  return intents.map((id) => header.get(id) ?? unplaced(id));
};

/** `# payments/checkout-charges (intents/payments.yaml:12): why it stands here`; the id alone where places are left out. */
const askerLine = /^ *# (?:for )?([^\s:]+?)(?: \((.+):(\d+)\))?(?:: .*)?$/;

function askersSaid(comment: readonly string[]): readonly Asker[] {
  const askers = comment.flatMap((line): Asker[] => {
    const [, id, file, number] = askerLine.exec(line) ?? [];
    if (id === undefined) return [];
    return [{ ...unplaced(id), place: file === undefined ? undefined : { file, line: Number(number) } }];
  });
  const reasons = comment.flatMap((line) => /^ *# reason: (.+)$/.exec(line)?.[1] ?? []);
  // Of several rules in one comment, nothing says whose reason it is.
  return askers.length === 1 ? askers.map((asker) => ({ ...asker, reason: reasons[0] })) : askers;
}

function commentAbove({ file, start }: Span): readonly string[] {
  const lines = file.text.slice(0, start).split('\n').slice(0, -1);
  const last = lines.findLastIndex((line) => !isComment(line));
  return lines.slice(last + 1);
}

/** The comment that begins the document. */
function headerOf({ file, start }: Span): readonly string[] {
  const separator = file.text.lastIndexOf('\n---', start);
  const lines = file.text.slice(separator === -1 ? 0 : separator + 1, start).split('\n');
  const header = lines.slice(separator === -1 ? 0 : 1);
  const end = header.findIndex((line) => !isComment(line));
  return header.slice(0, end === -1 ? header.length : end);
}

function isComment(line: string): boolean {
  return /^ *#/.test(line);
}
