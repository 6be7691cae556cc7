import { tooLargeDiagnostic } from '../../algebra/too-large.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { ManifestObject } from '../../parse/document.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { hopNote } from '../report.js';
import type { UnmentionedFinding } from './prove-unmentioned.js';

/** What a person is told of it. */
export function unmentionedDiagnostics(
  findings: readonly UnmentionedFinding[],
  isEmitted: (object: ManifestObject) => boolean,
): readonly Diagnostic[] {
  return findings.map(({ finding, place, others }) => {
    const span = spanIn(place.object, ['metadata', 'name']);
    const more = others === 0 ? '' : ` and ${others} more`;
    if (finding.kind === 'too-large') return tooLargeDiagnostic(finding.policy, [`\`${keyOf(place)}\`${more}`]);
    if (finding.kind === 'unjudged') {
      return diagnostic('not-proved', { workloads: `\`${keyOf(place)}\`${more}`, fact: finding.fact }, span);
    }
    const { kind, requests, witness, before, after } = finding;
    const verb = kind === 'gained' ? 'begin to let through' : 'no longer let through';
    return diagnostic('changes-unmentioned-workload', { place: `\`${keyOf(place)}\`${more}`, verb, requests }, span, {
      ...('podLabels' in place && {
        help: 'say who may call it, in SecuritySettings with `scope: { gateway: … }`, or take back what the notes name',
      }),
      witness: `${witness} is ${after.verdict.kind}: ${after.because}`,
      notes: [
        { message: `without the output it is ${before.verdict.kind}: ${before.because}` },
        ...after.trace.map((hop) => hopNote(hop, isEmitted)),
      ],
    });
  });
}
