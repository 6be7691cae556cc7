import type { Diagnostic, Result, SourceFile, Span } from '../diagnostics/diagnostic.js';
import { malformed, readAcceptComment } from './accept-comment.js';
import type { Acceptance } from './acceptance.js';
import { endOfLine, skipBlank, startOfLine, trimEnd } from './blank.js';
import type { Document } from './document.js';

/** `# ambit: …`, and what was surely meant as that. */
const opening = /#[ \t]*ambit(?:[ \t]*:|[ \t-]+(?=(?:accept|ignore)[a-z]*[ \t:]))/gi;

/**
 * What the comments of a file accept. A comment stands for what begins on its line or, where it has a line to itself, on
 * the next one that holds anything; on the first line of an object it stands for the whole object.
 */
export function readComments(file: SourceFile, documents: readonly Document[]): Result<readonly Acceptance[]> {
  const acceptances: Acceptance[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { index, 0: mark } of file.text.matchAll(opening)) {
    const document = documents.find(({ end }) => index < end);
    if (!isComment(file.text, index, document)) continue;
    const start = index + mark.length;
    const body = { file, start, end: trimEnd(file.text, start, endOfLine(file.text, index)) };
    const said = mark.endsWith(':')
      ? readAcceptComment(body)
      : malformed({ ...body, start: index }, 'no colon stands after `ambit`');
    const place = document === undefined ? undefined : placeOf(document, index);
    if ('code' in said) diagnostics.push(said);
    else if (place === undefined) diagnostics.push(malformed({ ...body, start: index }, 'it stands above nothing'));
    else acceptances.push(...said.codes.map((code) => toAcceptance(code, said, place)));
  }
  return { value: acceptances, diagnostics };
}

function toAcceptance(
  { value, span }: { readonly value: string; readonly span: Span },
  { until, reason, owner }: Pick<Acceptance, 'until' | 'reason' | 'owner'>,
  place: Span,
): Acceptance {
  return {
    what: value,
    where: { kind: 'text', span: place },
    until,
    reason,
    owner,
    writtenIn: 'comment',
    span,
  };
}

/** A number sign begins a comment after white space, and nowhere within a text. */
function isComment(text: string, index: number, document: Document | undefined): boolean {
  if (index > 0 && !/[\s#]/.test(text.charAt(index - 1))) return false;
  if (document === undefined || index < document.start) return true;
  const mark = { file: document.file, start: index, end: index + 1 };
  const path = document.pathOf(mark);
  const around = document.spanOf(path);
  const isAround = around.start <= index && index < around.end;
  const value = path.reduce<unknown>((node, step) => Object(node)[step], document.value);
  return !isAround || typeof value === 'object';
}

/** What a comment stands for; `undefined` where nothing follows it. */
function placeOf(document: Document, index: number): Span | undefined {
  const { file, start, end } = document;
  const { text } = file;
  const ownLine = startOfLine(text, index);
  const isAlone = text.slice(Math.max(ownLine, 0), index).trim() === '';
  const first = skipBlank(text, start, end);
  const held = isAlone ? skipBlank(text, Math.max(index, start), end) : index;
  if (held >= end) return undefined;
  const line = { file, start: startOfLine(text, held), end: endOfLine(text, held, end) };
  return line.start <= first && first < line.end ? { file, start, end } : document.extentOf(line);
}
