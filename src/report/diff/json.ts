import type { Place, Undecided } from '../../changes/change.js';
import type { DiffReport, ToldAnswer, ToldChange, ToldWitness } from './diff-report.js';
import { toldCause, toldChanges } from './tell.js';
import { titleOf } from './titles.js';

/** A comparison for a program: one JSON document (schemas/diff.schema.json). Fields are only ever added. */
export function diffToJson(report: DiffReport): string {
  const { before, after, changes, isSameText } = report;
  const told = toldChanges(report);
  const answer = {
    before: before.label,
    after: after.label,
    sameText: isSameText,
    sameMeaning: told.length === 0 && changes.undecided.every(({ isCrossing }) => isCrossing),
    compared: changes.compared,
    changes: told.map(changeToJson),
    objects: changes.texts.objects.map(({ cause, ...names }) => {
      const { text, side, place } = toldCause(report, cause);
      return { ...names, change: cause.change, text, side, file: place?.file ?? null, line: place?.line ?? null };
    }),
    rules: changes.texts.rules,
    undecided: changes.undecided.map(undecidedToJson),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

export function undecidedToJson({ fact, isCrossing, places }: Undecided) {
  return { fact, crossing: isCrossing, places: places.map(placeToJson) };
}

export function changeToJson({ change, diagnostic, causes, witness, laws }: ToldChange) {
  const { kind, cluster, place, callers, requests, was, is, others } = change;
  return {
    code: diagnostic.code,
    kind,
    weaker: titleOf(kind).isWorse,
    message: diagnostic.message,
    cluster,
    place: placeToJson(place),
    callers:
      callers === undefined
        ? null
        : { names: callers.names, everyone: callers.isEveryone, standForOthers: callers.isOfMany },
    requests: requests ?? null,
    was: was ?? null,
    is: is ?? null,
    witness: witness === undefined ? null : witnessToJson(witness),
    causes: causes.map(({ text, side, place: at }) => ({ text, side, file: at?.file ?? null, line: at?.line ?? null })),
    laws,
    alsoAt: others.map(placeToJson),
  };
}

function witnessToJson({ request, before, after }: ToldWitness) {
  return { request, before: answerToJson(before), after: answerToJson(after) };
}

function answerToJson({ verdict, because, command }: ToldAnswer) {
  return { verdict, because, command: command ?? null };
}

function placeToJson({ kind, cluster, name }: Place) {
  return { kind, cluster, name };
}
