import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { attaches, authorizationAt } from '../attach.js';
import type { PolicyForms } from '../policy-forms.js';
import { bypassesOf } from './around-waypoint.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from './context.js';
import { proofOf } from './evidence.js';
import type { Site } from './sites.js';

/** A policy for pods that are not in the mesh: there is no proxy to enforce it (§2.1). */
export function policiesOutsideMesh(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { at, policy } = subject;
    if (policy.namespace === at.rootNamespace) return [];
    const unguarded = context
      .sitesUnder(at, policy.namespace)
      .filter((site) => isUnmeshed(site) && isFor(subject, site));
    const found = firstOf(unguarded, (site) => {
      const together = policy.action === 'ALLOW' ? allowancesFor(site) : [subject.forms];
      const [bypass] = bypassesOf(context, policy, together, [site]);
      return bypass && { bypass, site };
    });
    if (found === undefined) return [];
    const { workload } = found.site;
    const parameters = { policy: nameOf(policy), workload: keyOf(workload) };
    const law = `nothing stands at a pod outside the mesh: ${workload.mode.because} (${workload.mode.fact})`;
    const place = policy.scope.kind === 'selector' ? ['spec', 'selector'] : ['metadata', 'name'];
    const span = spanIn(policy.object, place);
    return diagnostic('policy-outside-mesh', parameters, span, proofOf(found.bypass.evidence, law));
  });
}

function isUnmeshed({ workload }: Site): boolean {
  return workload.mode.plane === 'none';
}

function isFor({ at, policy }: PolicyInMesh, { workload }: Site): boolean {
  return policy.scope.kind !== 'targets' && attaches(policy, { kind: 'sidecar', workload }, at);
}

function allowancesFor({ at, workload }: Site): readonly PolicyForms[] {
  return authorizationAt({ kind: 'sidecar', workload }, at).filter(
    ({ dryRun, http }) => !dryRun && http.action === 'ALLOW',
  );
}
