import { type Fate, totalOf } from '../../adopt/fates.js';
import type { Imported } from '../../adopt/import-objects.js';
import { toolOf } from '../../adopt/other-tools.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type Page, wrap } from '../layout.js';
import { counted } from '../words.js';

/** What a person has to know of objects one by one: which stay, which never did anything. */
export function importFindings({ fates }: Imported): readonly Diagnostic[] {
  return fates.flatMap(findingsOf);
}

function findingsOf(fate: Fate): readonly Diagnostic[] {
  const { object, key, counts } = fate;
  const span = spanIn(object, ['metadata', 'name']);
  const tool = counts.left > 0 ? undefined : toolOf(object);
  return [
    ...(tool === undefined ? [] : [diagnostic('import-of-another-tool', { object: key, tool }, span)]),
    ...ofFate(fate, span),
  ];
}

function ofFate({ key, counts, because, deadRules }: Fate, span: Span): readonly Diagnostic[] {
  if (counts.left > 0) return [diagnostic('import-left', { object: key, because: because ?? '' }, span)];
  if (because !== undefined) return [diagnostic('import-without-effect', { object: key, because }, span)];
  return deadRules.map((why) => diagnostic('import-without-effect', { object: key, because: why }, span));
}

/** How it went, for a person. */
export function importToText({ fates, round, edit }: Imported, directory: string, { columns }: Page): string {
  if (fates.length === 0) return 'nothing to import: no object that somebody wrote is among the manifests\n';
  const { said, merged, dead, left } = totalOf(fates);
  const all = said + merged + dead + left;
  const lines = [
    `${counted(fates.length, 'object')} with ${counted(all, 'rule')}: ${said} said, ${merged} said with another, ${dead} without effect, ${left} left`,
    ...round.files.map(({ path }) => `wrote ${directory}/${path}`),
    ...(edit === undefined ? [] : [`declared issuers of tokens in ${edit.path}`]),
    ...(round.files.length === 0
      ? []
      : [
          'proved: every request is treated as before, once the intents are compiled and what they say is deleted',
          `next: read ${directory}/HANDOVER.md`,
        ]),
  ];
  return `${lines.flatMap((line) => wrap(line, columns)).join('\n')}\n`;
}
