import { type Details, diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { attaches, authorizationAt } from '../../mesh/policies/attach.js';
import type { PolicyForms } from '../../mesh/policies/policy-forms.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { type Bypass, bypassesOf } from './around-waypoint.js';
import { waypointPathsTo } from './waypoint-paths.js';

/** A policy for pods that are not in the mesh: there is no proxy to enforce it (§2.1). */
export function policiesOutsideMesh(context: LintContext): readonly Diagnostic[] {
  const unenforced = context.policies.flatMap((subject) => unenforcedBy(context, subject) ?? []);
  const guessed = groupBy(
    unenforced.filter((found) => !hasNamespace(found)),
    ({ workload }) => workload.namespace,
  );
  return [
    ...unenforced.filter(hasNamespace).map((found) => finding(found, {})),
    ...[...guessed].flatMap(([namespace, [first, ...others]]) => {
      if (first === undefined) return [];
      const help = `add the manifest of Namespace \`${namespace}\`: its labels decide`;
      const names = others.map(({ subject }) => `\`${nameOf(subject.policy)}\``);
      const notes = names.length === 0 ? [] : [{ message: `the same holds of ${names.join(', ')}` }];
      return finding(first, { help, notes });
    }),
  ];
}

interface Unenforced {
  readonly subject: PolicyInMesh;
  readonly workload: Workload;
  readonly bypass: Bypass;
}

/** Without its labels a namespace is taken to be outside: that is one cause, however many policies it has. */
function hasNamespace({ subject: { at }, workload }: Unenforced): boolean {
  return at.cluster.namespaces.get(workload.namespace)?.object !== undefined;
}

function unenforcedBy(context: LintContext, subject: PolicyInMesh): Unenforced | undefined {
  const { at, policy } = subject;
  if (policy.namespace === at.rootNamespace) return undefined;
  const unguarded = context.sitesUnder(at, policy.namespace).filter((site) => isUnmeshed(site) && isFor(subject, site));
  return firstOf(unguarded, (site) => {
    const together = policy.action === 'ALLOW' ? allowPoliciesFor(site) : [subject.forms];
    const [bypass] = bypassesOf(context, policy, together, waypointPathsTo([site]));
    return bypass && { subject, bypass, workload: site.workload };
  });
}

function finding({ subject: { policy }, workload, bypass }: Unenforced, { help, notes = [] }: Details): Diagnostic {
  const parameters = { policy: nameOf(policy), workload: keyOf(workload) };
  const law = `nothing stands at a pod outside the mesh: ${workload.mode.because} (${workload.mode.fact})`;
  const proof = proofOf(bypass.evidence, law);
  return diagnostic('policy-outside-mesh', parameters, placeOf(policy), {
    ...proof,
    notes: [...(proof.notes ?? []), ...notes],
    ...(help !== undefined && { help }),
  });
}

function placeOf({ scope, object }: PolicyInMesh['policy']): Span {
  return spanIn(object, scope.kind === 'selector' ? ['spec', 'selector'] : ['metadata', 'name']);
}

function isUnmeshed({ workload }: PodSite): boolean {
  return workload.mode.plane === 'none';
}

function isFor({ at, policy }: PolicyInMesh, { workload }: PodSite): boolean {
  return policy.scope.kind !== 'targets' && attaches(policy, { kind: 'sidecar', workload }, at);
}

function allowPoliciesFor({ at, workload }: PodSite): readonly PolicyForms[] {
  return authorizationAt({ kind: 'sidecar', workload }, at).filter(
    ({ dryRun, http }) => !dryRun && http.action === 'ALLOW',
  );
}
