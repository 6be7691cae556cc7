import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { describeRequest } from '../../mesh/request.js';
import { groupBy } from '../../util/order.js';
import type { EgressFinding } from './finding.js';

/** What a person is told of it: one line for each workload and what it calls. */
export function egressDiagnostics(found: readonly EgressFinding[]): readonly Diagnostic[] {
  const groups = groupBy(found, ({ kind, subject, what }) => [kind, subject.title, what].join('\n'));
  return [...groups.values()].flatMap(([finding]) => (finding === undefined ? [] : [toldOf(finding)]));
}

function toldOf({ kind, subject, what, decision }: EgressFinding): Diagnostic {
  const [settings] = subject.settings;
  const span = settings?.origin.span ?? null;
  const witness = decision && { witness: describeRequest(decision.request) };
  const because = decision?.because ?? '';
  const workload = subject.isFuture ? subject.title : `\`${subject.title}\``;
  if (kind === 'unknown') {
    const fact = because === '' ? 'which of its requests go there is not told apart' : because;
    return diagnostic('egress-not-proved', { workload, what, fact }, span, { ...witness });
  }
  const isOpen = kind === 'too-much';
  const opening = `\`${settings?.origin.id ?? ''}\` opens`;
  const meant = isOpen ? `no rule of ${opening}` : opening;
  const parameters = { workload, found: isOpen ? 'can call' : 'cannot call', what, meant };
  const notes = because === '' ? [] : [{ message: because }];
  return diagnostic('egress-otherwise', parameters, span, { notes, ...witness });
}
