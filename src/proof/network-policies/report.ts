import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { manifestLine } from '../manifest-line.js';
import type { Surroundings } from '../report.js';
import type { CutRequests } from './cut-requests.js';
import type { LetIn } from './let-in.js';

/** What a person is told of pods that NetworkPolicies let in, and no rule allows. */
export function letInDiagnostics(
  found: readonly LetIn[],
  { isEmitted }: Pick<Surroundings, 'isEmitted'>,
): readonly Diagnostic[] {
  return found.map(({ settings, workload, caller, port, policies }) => {
    const [first] = policies;
    const witness = `a connection of a pod of ${caller} to port ${port} of a pod of \`${keyOf(workload)}\``;
    const shown = { caller, workload: keyOf(workload), port };
    if (first === undefined) return diagnostic('companion-missing', shown, settings.origin.span, { witness });
    const names = policies.map(({ name }) => `\`${name}\``).join(', ');
    const at = isEmitted(first.object) ? settings.origin.span : spanIn(first.object, ['metadata', 'name']);
    return diagnostic('companion-lets-in', { policies: names, ...shown }, at, { witness });
  });
}

/** What a person is told of requests that intents allow and NetworkPolicies stop, at the policy that does. */
export function cutDiagnostics(
  cuts: readonly CutRequests[],
  { isEmitted, isOneOfMany }: Pick<Surroundings, 'isEmitted' | 'isOneOfMany'>,
): readonly Diagnostic[] {
  return cuts.map(({ network, demand, isOfRule, cause, requests, witness }) => {
    const [object] = network.policies;
    const policies = network.policies.map(({ namespace = 'default', name }) => `\`${namespace}/${name}\``).join(', ');
    const where = isOneOfMany ? [{ message: `in cluster \`${demand.workload.cluster}\`` }] : [];
    const written = object && isEmitted(object) ? [{ message: manifestLine(object, ['metadata', 'name']) }] : [];
    const at = object && !isEmitted(object) ? spanIn(object, ['metadata', 'name']) : cause.span;
    const notes = [...where, { message: cause.says, ...(cause.span && { span: cause.span }) }, ...written];
    const parameters = { policies, workload: keyOf(demand.workload), requests };
    const details = { witness: `${witness}: ${network.because}`, notes };
    if (network.kind === 'not-modelled') return diagnostic('network-policy-not-known', parameters, at, details);
    const name = isOfRule ? 'network-policy-stops-rule' : 'network-policy-stops-default';
    return diagnostic(name, parameters, at, details);
  });
}
