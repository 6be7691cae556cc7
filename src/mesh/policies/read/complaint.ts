import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isWithin, type ManifestObject, spanIn } from '../../../parse/document.js';
import type { Complaint } from '../../../topology/schemas/complaint.js';

/** A policy with complaints is not in the cluster, so each of them is an error. */
export function refusals(object: ManifestObject, complaints: readonly Complaint[]): readonly Diagnostic[] {
  const policy = `${object.kind} ${object.namespace ?? 'default'}/${object.name}`;
  return complaints.map(({ place, why, isUnknownField = false, help }) => {
    const span = spanIn(object, place, isUnknownField ? 'key' : 'value');
    return diagnostic('policy-not-accepted', { policy, why }, span, { ...(help !== undefined && { help }) });
  });
}

/**
 * What is wrong with the meaning of a policy, beside what is wrong with its shape and explains the rest: a misfit within
 * a part of the policy explains what is said of that part.
 */
export function unexplained(complaints: readonly Complaint[], misfits: readonly Complaint[]): readonly Complaint[] {
  return complaints.filter(
    ({ place }) => place.length === 1 || !misfits.some((misfit) => isWithin(misfit.place, place)),
  );
}
