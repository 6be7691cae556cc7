import { tooLargeDiagnostic } from '../../algebra/too-large.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { hopNote, type Surroundings } from '../report.js';
import type { ThroughFinding } from './prove-through.js';

const names = {
  'led-elsewhere': 'through-led-elsewhere',
  'left-out': 'through-left-out',
  'refused-behind': 'through-refused-behind',
} as const;

/** What is not as an application says of its gateway, once for each rule: further listeners repeat it. */
export function throughDiagnostics(
  findings: readonly ThroughFinding[],
  surroundings: Surroundings,
): readonly Diagnostic[] {
  const groups = groupBy(findings, (finding) =>
    [
      finding.kind,
      finding.service,
      'rule' in finding ? finding.rule.origin.id : '',
      'fact' in finding ? finding.fact : '',
    ].join('\n'),
  );
  return [...groups.values()].flatMap(([first]) => (first ? [told(first, surroundings)] : []));
}

function told(finding: ThroughFinding, { isEmitted }: Surroundings): Diagnostic {
  const { security, service } = finding;
  const gateway = keyOf(security.gateway);
  if (finding.kind === 'too-large') return tooLargeDiagnostic(undefined, [`\`${service}\``]);
  const through = security.rules.find((rule) => rule.through?.service === service)?.through;
  if (finding.kind === 'doubt')
    return diagnostic('not-proved', { workloads: `\`${service}\``, fact: finding.fact }, through?.span ?? null);
  const { kind, rule, requests, witness, decision } = finding;
  const isBehind = kind === 'refused-behind';
  const parameters = { rule: rule.origin.id, service, gateway, requests };
  return diagnostic(names[kind], parameters, rule.through?.span ?? rule.origin.span, {
    witness: isBehind ? `${witness} is ${decision.verdict.kind}: ${decision.because}` : witness,
    notes: isBehind ? decision.trace.map((hop) => hopNote(hop, isEmitted)) : [],
  });
}
