import { tooLargeDiagnostic } from '../../algebra/too-large.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { keyOf } from '../../topology/model.js';
import { hopNote, type Surroundings } from '../report.js';
import type { GatewayFinding, GatewayProof } from './prove-gateways.js';
import { throughDiagnostics } from './report-through.js';

/** What a person is told of it: nothing, if gateways let in whom the intents let in. */
export function gatewayDiagnostics(
  { findings, through }: GatewayProof,
  surroundings: Surroundings,
): readonly Diagnostic[] {
  return [...findings.map((finding) => told(finding, surroundings)), ...throughDiagnostics(through, surroundings)];
}

function told(finding: GatewayFinding, { isEmitted, isOneOfMany }: Surroundings): Diagnostic {
  const { gateway, rules, default: fallback } = finding.security;
  const place = keyOf(gateway);
  const origin = fallback?.origin ?? rules[0]?.origin;
  if (finding.kind === 'too-large') return tooLargeDiagnostic(undefined, [`\`${place}\``]);
  if (finding.kind === 'doubt')
    return diagnostic('not-proved', { workloads: `\`${place}\``, fact: finding.fact }, origin?.span ?? null);
  if ('authorizer' in finding) return misasked(finding);
  const { kind, requests, witness, decision, says } = finding;
  const name = kind === 'too-much' ? 'lets-through-too-much' : 'lets-through-too-little';
  const span = finding.origin?.span ?? origin?.span ?? null;
  return diagnostic(name, { workload: place, requests }, span, {
    witness: `${witness} is ${decision.verdict.kind}: ${decision.because}`,
    notes: [
      ...(isOneOfMany ? [{ message: `in cluster \`${gateway.cluster}\`` }] : []),
      { message: finding.origin ? `\`${finding.origin.id}\` ${says}` : says },
      ...decision.trace.map((hop) => hopNote(hop, isEmitted)),
    ],
  });
}

function misasked(finding: Extract<GatewayFinding, { authorizer: string }>): Diagnostic {
  const { kind, security, authorizer, requests, witness } = finding;
  const [asked, named] = kind === 'unasked' ? ['not asked', 'name'] : ['asked', 'do not name'];
  const rule = security.asked.find((each) => each.authorizer === authorizer);
  const parameters = { provider: authorizer, asked, workload: keyOf(security.gateway), named, requests };
  return diagnostic('asked-otherwise', parameters, rule?.origin.span ?? null, {
    witness: `${witness}: it is ${asked}`,
  });
}
