import { changeToJson, undecidedToJson } from '../diff/json.js';
import { toldChanges } from '../diff/tell.js';
import { outcomeToJson } from '../tests.js';
import type { GateReport } from './gate-report.js';
import { placesOf } from './text.js';

/** The answer for a program: one JSON document (schemas/gate.schema.json). Fields are only ever added. */
export function gateToJson(report: GateReport): string {
  const { sides, status, guardrails, checks, reaches } = report;
  const places = placesOf(report);
  const answer = {
    before: checks.length === 0 ? null : sides.before.label,
    after: sides.after.label,
    status,
    guardrails,
    checks: checks.map((checked) => ({
      check: checked.check,
      status: checked.status,
      approvedBy: checked.approvedBy,
      changes: toldChanges({ ...sides, changes: checked.changes }).map(changeToJson),
      undecided: checked.changes.undecided.map(undecidedToJson),
    })),
    mustNotReach: reaches.map((reach) => ({
      name: reach.outcome.name,
      status: reach.status,
      outcome: outcomeToJson(reach.outcome, places),
    })),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
