import { changeToJson, undecidedToJson } from '../diff/json.js';
import { type DriftReport, toldDrift } from './drift-report.js';

/** The answer for a program: one JSON document (schemas/drift.schema.json). Fields are only ever added. */
export function driftToJson(report: DriftReport): string {
  const { sides, drift, lacking } = report;
  const answer = {
    cluster: sides.after.label,
    drifted: drift.changes.changes.length > 0,
    compared: drift.changes.compared,
    changes: toldDrift(report).map(changeToJson),
    undecided: drift.changes.undecided.map(undecidedToJson),
    unknownWorkloads: drift.unknown,
    lacking,
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
