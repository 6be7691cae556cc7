import { diagnostic } from '../../../diagnostics/create.js';
import { keyOf } from '../../../topology/model.js';
import { groupBy } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import type { ResolvedTelemetry } from '../../resolved-telemetry.js';
import { scopeLabel } from '../../scopes.js';

/** Of one subject one document says what is recorded. Two Services in front of the same sidecars are one subject. */
export function checkTwice(context: ResolveContext, all: readonly ResolvedTelemetry[]): void {
  const said = all.flatMap((telemetry) => subjectsOf(telemetry).map((subject) => ({ subject, telemetry })));
  for (const [subject, [first, ...others]] of groupBy(said, (each) => each.subject)) {
    for (const { telemetry } of others) {
      if (first === undefined || telemetry === first.telemetry) continue;
      const parameters = { first: first.telemetry.origin.id, second: telemetry.origin.id, subject };
      const notes = [{ message: 'the other is here', span: first.telemetry.origin.span }];
      context.report(diagnostic('telemetry-twice', parameters, telemetry.origin.span, { notes }));
    }
  }
}

/** A selector for a workload and one for its Service are of one level: neither goes before the other (F-62). */
function subjectsOf({ scope, destinations }: ResolvedTelemetry): readonly string[] {
  if (scope.kind === 'gateway') return [`gateway \`${keyOf(scope)}\``];
  if (scope.kind === 'mesh' || scope.kind === 'namespace') return [scopeLabel(scope)];
  const sidecars = destinations.flatMap(({ workloads }) => workloads.filter(({ mode }) => mode.plane === 'sidecar'));
  return sidecars.map((workload) => `the sidecars of \`${keyOf(workload)}\``);
}
