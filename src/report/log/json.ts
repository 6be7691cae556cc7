import { changeToJson, undecidedToJson } from '../diff/json.js';
import { toldChanges } from '../diff/tell.js';
import type { LogEntry, LogReport } from './log-report.js';

/** The record for a program: one JSON document (schemas/log.schema.json). Fields are only ever added. */
export function logToJson({ from, to, entries, leftOut }: LogReport): string {
  return `${JSON.stringify({ from, to, commits: entries.map(entryToJson), leftOut }, null, 2)}\n`;
}

function entryToJson({ commit, outcome }: LogEntry) {
  const { id, ...rest } = commit;
  const base = { commit: id, ...rest };
  if (outcome.kind === 'not-compared') {
    return {
      ...base,
      comparedWith: null,
      because: outcome.because,
      sameText: null,
      sameMeaning: null,
      changes: [],
      undecided: [],
      rules: { added: [], removed: [] },
      approvals: [],
    };
  }
  const { report, approvals } = outcome;
  const { changes, isSameText, before } = report;
  const told = toldChanges(report);
  return {
    ...base,
    comparedWith: before.label,
    because: null,
    sameText: isSameText,
    sameMeaning: told.length === 0 && changes.undecided.every(({ isCrossing }) => isCrossing),
    changes: told.map(changeToJson),
    undecided: changes.undecided.map(undecidedToJson),
    rules: changes.texts.rules,
    approvals: approvals.map(({ owner = null, ...approval }) => ({ ...approval, owner })),
  };
}
