import { type Fate, totalOf } from '../../adopt/fates.js';
import { changesOfAccess, type Imported } from '../../adopt/import-objects.js';
import type { Accident } from '../../adopt/meant/accidents.js';
import { toolOf } from '../../adopt/other-tools.js';
import { keyOfObject } from '../../adopt/policies.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import type { Findings } from '../formats/findings.js';
import { type Page, wrap } from '../layout.js';
import { counted } from '../words.js';
import { changeInWords } from './change.js';

/** What a person has to know of objects one by one: which stay, which never did anything. */
export function importFindings({ fates, accidents, mended, isAsMeant }: Imported): readonly Diagnostic[] {
  const isMended = new Set(mended.map(({ key }) => key));
  return [
    ...fates.flatMap(findingsOf),
    ...accidents.map((each) => ofAccident(each, isMended.has(each.key), isAsMeant)),
  ];
}

const notSaid = 'what was meant cannot be said: look at what else is told of the policy';

/** The finding of the lint, with the request that shows it, as what the import makes of it. */
function ofAccident({ key, finding }: Accident, isMended: boolean, isAsMeant: boolean): Diagnostic {
  const { message, span, witness, notes } = finding;
  const parameters = { object: key, accident: message };
  const details = { notes, ...(witness !== undefined && { witness }) };
  if (isMended) return diagnostic('import-as-meant', parameters, span, details);
  const help = isAsMeant ? { help: notSaid } : {};
  return diagnostic('import-of-accident', parameters, span, { ...details, ...help });
}

function findingsOf(fate: Fate): readonly Diagnostic[] {
  const { object, key, counts, staysBeside } = fate;
  const span = spanIn(object, ['metadata', 'name']);
  const tool = counts.left > 0 || staysBeside ? undefined : toolOf(object);
  return [
    ...(tool === undefined ? [] : [diagnostic('import-of-another-tool', { object: key, tool }, span)]),
    ...ofFate(fate, span),
  ];
}

function ofFate({ key, counts, because, help, deadRules, staysBeside }: Fate, span: Span): readonly Diagnostic[] {
  if (counts.left > 0)
    return [diagnostic('import-left', { object: key, because: because ?? '' }, span, { ...(help && { help }) })];
  if (because !== undefined) return [diagnostic('import-without-effect', { object: key, because }, span)];
  return [
    ...(staysBeside ? [diagnostic('import-beside-network-policy', { object: key }, span)] : []),
    ...deadRules.map((why) => diagnostic('import-without-effect', { object: key, because: why }, span)),
  ];
}

/** How it went, for a person. `gone`: the files of intents that were written over, and said something else. */
export function importToText(
  imported: Imported,
  directory: string,
  displayPath: Findings['displayPath'],
  { columns }: Page,
  gone: ReadonlySet<string>,
): string {
  const { fates, listeners, round, edit } = imported;
  const lines = [
    fates.length === 0 ? nothingFound : countsLine(fates),
    ...listenersLine(listeners),
    ...round.files.map(
      ({ path }) => `wrote ${directory}/${path}${gone.has(path) ? ' over other intents, which are gone' : ''}`,
    ),
    ...(edit === undefined ? [] : [`declared issuers of tokens in ${displayPath(edit.path)}`]),
    ...(round.files.length === 0
      ? []
      : [...provedLines(imported, displayPath, gone), `next: read ${directory}/HANDOVER.md`]),
  ];
  return `${lines.flatMap((line) => wrap(line, columns)).join('\n')}\n`;
}

const nothingFound = 'nothing to import: no policy or route that somebody wrote is among the manifests';

function countsLine(fates: Imported['fates']): string {
  const { said, merged, dead, left } = totalOf(fates);
  const all = said + merged + dead + left;
  return `${counted(fates.length, 'object')} with ${counted(all, 'rule')}: ${said} said, ${merged} said with another, ${dead} without effect, ${left} left`;
}

/** They are no rules, so nobody counts them among these. */
function listenersLine(listeners: Imported['listeners']): readonly string[] {
  if (listeners.length === 0) return [];
  const names = listeners.map(({ object }) => keyOfObject(object));
  const verb = listeners.length === 1 ? 'stays' : 'stay';
  return [`besides ${counted(listeners.length, 'object')} with listeners of gateways ${verb}: ${names.join(', ')}`];
}

function provedLines(
  imported: Imported,
  displayPath: Findings['displayPath'],
  gone: ReadonlySet<string>,
): readonly string[] {
  const butFor = gone.size === 0 ? '' : 'but for what intents said that are gone, ';
  const when = `${butFor}once the intents are compiled and what they say is deleted`;
  const changes = changesOfAccess(imported);
  if (changes.length === 0) return [`proved: every request is treated as before, ${when}`];
  return [
    `proved: every other request is treated as before, ${when}; what was meant changes this:`,
    ...changes.map((change) => `- ${changeInWords(change, displayPath)}`),
  ];
}
