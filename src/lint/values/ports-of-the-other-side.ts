import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { consequenceOf } from './consequence.js';
import { isOfOtherSide, mixUpsIn, otherSide } from './mistakes/ports.js';
import { writtenValues } from './written-values.js';

/** A Service's port where the pod's is compared, or a pod's where the Service's is: it never matches (§4.4). */
export function portsOfTheOtherSide(context: LintContext): readonly Diagnostic[] {
  return writtenValues(context, 'destination.port', isOfOtherSide).flatMap((mistake) => {
    const { subject, value, span } = mistake;
    const [mixUp] = mixUpsIn(Number(value), subject);
    const evidence = consequenceOf(context, mistake, (site, gate) => {
      return [String(otherSide(Number(value), site, gate) ?? value)];
    });
    if (mixUp === undefined || evidence === undefined) return [];
    const parameters = { policy: nameOf(subject.policy), port: value, ...mixUp };
    const law =
      'a waypoint compares the port of the Service, everything else that of the pod (istio-security §2.1, §4.4)';
    return diagnostic('port-of-other-side', parameters, span, proofOf(evidence, law));
  });
}
