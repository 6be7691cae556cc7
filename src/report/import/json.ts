import { type Fate, totalOf } from '../../adopt/fates.js';
import type { HandOver } from '../../adopt/hand-over.js';
import { changesOfAccess, type Imported } from '../../adopt/import-objects.js';
import { keyOfObject } from '../../adopt/policies.js';
import type { Change } from '../../changes/change.js';
import { rangeOf } from '../../diagnostics/position.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import type { Findings } from '../formats/findings.js';
import { changeInWords } from './change.js';

/** How an import went, for a program: one JSON document (schemas/import.schema.json). Fields are only ever added. */
export function importToJson(
  imported: Imported,
  handOver: HandOver,
  directory: string,
  displayPath: Findings['displayPath'],
): string {
  const { fates, listeners, round, edit, isAsMeant } = imported;
  const changeToJson = (change: Change) => ({
    kind: change.kind,
    place: `${change.place.kind} ${change.place.name}`,
    text: changeInWords(change, displayPath),
  });
  const answer = {
    asMeant: isAsMeant,
    rules: totalOf(fates),
    objects: fates.map((fate) => fateToJson(fate, displayPath)),
    listeners: listeners.map(({ object, because }) => ({
      object: keyOfObject(object),
      ...placeOf(object, displayPath),
      because,
    })),
    files: round.files.map(({ path }) => `${directory}/${path}`),
    edited: edit === undefined ? [] : [displayPath(edit.path)],
    accidents: imported.accidents.map(({ key, finding }) => ({
      object: key,
      code: finding.code,
      message: finding.message,
      witness: finding.witness ?? null,
      file: finding.span === null ? null : displayPath(finding.span.file.path),
      line: finding.span === null ? null : rangeOf(finding.span).start.line,
      mended: imported.mended.some((each) => each.key === key),
    })),
    changes: changesOfAccess(imported).map(changeToJson),
    steps: handOver.steps.map(({ kind, objects, changes, undecided }) => ({
      kind,
      objects: objects.map(({ cluster, object }) => ({ cluster, object: keyOfObject(object) })),
      changes: changes.map(changeToJson),
      undecided,
    })),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function fateToJson(
  { object, key, counts, because, deadRules, staysBeside }: Fate,
  displayPath: Findings['displayPath'],
) {
  return {
    object: key,
    ...placeOf(object, displayPath),
    rules: counts,
    because: because ?? null,
    rulesWithoutEffect: deadRules,
    staysBeside: staysBeside === true,
  };
}

function placeOf(object: ManifestObject, displayPath: Findings['displayPath']) {
  const span = spanIn(object, ['kind'], 'key');
  return { file: displayPath(span.file.path), line: rangeOf(span).start.line };
}
