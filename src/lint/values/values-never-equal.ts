import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { consequenceOf } from './consequence.js';
import { faultOf } from './mistakes/never-equal.js';
import { writtenValues } from './written-values.js';

const attributes = ['request.method', 'request.path', 'request.host', 'request.auth.principal'] as const;

/** A value that no request has, however it is sent: a DENY rule by it denies nothing, an ALLOW rule admits nothing (§1.4). */
export function valuesNeverEqual(context: LintContext): readonly Diagnostic[] {
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, (value, subject, test) => faultOf(value, subject, test) !== undefined).flatMap(
      (mistake) => {
        const fault = faultOf(mistake.value, mistake.subject, mistake.test);
        const evidence = fault && consequenceOf(context, mistake, () => [mistake.value, fault.meant]);
        if (fault === undefined || evidence === undefined) return [];
        const { why, right } = fault;
        const parameters = { policy: nameOf(mistake.subject.policy), value: mistake.value, why };
        const help = right === undefined ? undefined : `write \`${right}\``;
        const proof = proofOf(evidence, 'values are compared as they stand (istio-security §1.4, §1.5, §6.5, §8.1)');
        return diagnostic('value-never-equal', parameters, mistake.span, { ...proof, ...(help && { help }) });
      },
    ),
  );
}
