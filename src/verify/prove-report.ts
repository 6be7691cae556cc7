import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Note } from '../diagnostics/diagnostic.js';
import { spanIn } from '../parse/document.js';
import { keyOf } from '../topology/model.js';
import type { HopTrace } from './decide-hop.js';
import { manifestLine } from './manifest-line.js';
import type { Difference, Doubt, Proof } from './prove.js';

/** What a person is told of a proof: nothing, if the mesh does what the intents say. */
export function proofDiagnostics({ differences, doubts }: Proof, crossing: boolean): readonly Diagnostic[] {
  const crossings = crossing ? [diagnostic('other-clusters-not-judged', {}, null)] : [];
  return [
    ...differences.map(differenceDiagnostic),
    ...doubts.filter(({ isCrossing }) => !isCrossing).map(doubtDiagnostic),
    ...crossings,
  ];
}

function differenceDiagnostic(difference: Difference): Diagnostic {
  const { kind, demand, requests, witness, decision, cause, byExisting } = difference;
  const { kind: verdict } = decision.verdict;
  const details = {
    witness: `${witness} is ${verdict}: ${decision.because}`,
    notes: [{ message: cause.says }, ...decision.trace.map(hopNote)],
  };
  if (byExisting !== undefined) {
    const policy = `${byExisting.namespace ?? 'default'}/${byExisting.name}`;
    return diagnostic(
      'existing-policy-refuses',
      { policy, requests },
      spanIn(byExisting, ['metadata', 'name']),
      details,
    );
  }
  const name = kind === 'too-much' ? 'lets-through-too-much' : 'lets-through-too-little';
  return diagnostic(name, { workload: keyOf(demand.workload), requests }, cause.span, details);
}

/** What an enforcement point did with the witness, and the line of the policy that made it do so. */
function hopNote({ hop, outcome, policies }: HopTrace): Note {
  const { point } = hop;
  const place = point.kind === 'waypoint' ? point.waypoint : point.kind === 'gateway' ? point.gateway : point.workload;
  const decisive =
    policies.find(({ action, matched }) => action === 'DENY' && matched === 'yes') ??
    policies.find(({ action, matched }) => action === 'ALLOW' && matched === 'yes') ??
    policies.find(({ action }) => action === 'ALLOW');
  const rule = decisive?.rules.find(({ matched }) => matched === 'yes');
  const line = decisive && manifestLine(decisive.policy.object, rule?.place ?? ['metadata', 'name']);
  const verdict = outcome.kind === 'denied' ? 'denied' : outcome.kind === 'passes' ? 'let through' : 'not known';
  const where = line === undefined ? '' : ` (${line})`;
  return { message: `${point.kind} at ${keyOf(place)}: ${verdict}, ${outcome.because}${where}` };
}

function doubtDiagnostic({ fact, demands: [first, ...others] }: Doubt): Diagnostic {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const workloads = `${first === undefined ? '' : `\`${keyOf(first.workload)}\``}${more}`;
  const span =
    first === undefined ? null : (first.allow[0]?.rule.origin.span ?? first.defaults[0]?.origin.span ?? null);
  return diagnostic('not-proved', { workloads, fact }, span);
}
