import { type CodeAction, CodeActionKind, type Range, type TextEdit } from 'vscode-languageserver';
import { type Fixable, safeFixes } from '../diagnostics/apply-fixes.js';
import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import { type Names, shown } from './diagnostics.js';
import { exactRange, overlap, shownRange } from './ranges.js';

/**
 * What mends what was found in a part of a file, and all at once of what can be meant in one way only, as `ambit fix` does. Of a
 * text that has changed since, nothing is known.
 */
export function codeActions(found: readonly Diagnostic[], file: SourceFile, part: Range, names: Names): CodeAction[] {
  const here = inTextOrder(found).filter((item): item is Fixable => {
    const { fix } = item;
    return fix !== undefined && fix.span.file.path === file.path && fix.span.file.text === file.text;
  });
  const uri = names.uriOf(file.path);
  const meant = here.filter(({ span, fix }) =>
    [span, fix.span].some((each) => each && overlap(shownRange(each), part)),
  );
  const each = meant.map(
    (item): CodeAction => ({
      title: titleOf(item),
      kind: CodeActionKind.QuickFix,
      diagnostics: [shown(item, names)],
      isPreferred: item.fix.isSafe,
      edit: { changes: { [uri]: [editOf(item)] } },
    }),
  );
  const safe = safeFixes(here);
  if (safe.length === 0) return each;
  const title = 'mend all that can be meant in one way only';
  return [...each, { title, kind: CodeActionKind.SourceFixAll, edit: { changes: { [uri]: safe.map(editOf) } } }];
}

function editOf({ fix: { span, replacement } }: Fixable): TextEdit {
  return { range: exactRange(span), newText: replacement };
}

function titleOf({ fix: { span, replacement }, code }: Fixable): string {
  const written = span.file.text.slice(span.start, span.end).trim();
  return `${replacement === '' ? `take out \`${written}\`` : `write \`${replacement}\``} (${code})`;
}
