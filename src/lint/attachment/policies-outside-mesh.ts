import { type Details, diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { asObject } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { attaches, authorizationAt } from '../../mesh/policies/attach.js';
import type {
  AuthorizationPolicy,
  PeerAuthentication,
  Policy,
  RequestAuthentication,
} from '../../mesh/policies/policy.js';
import type { PolicyForms } from '../../mesh/policies/policy-forms.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { scopesAt, setsMode } from '../planes/peer-scopes.js';
import type { PodSite } from '../sites.js';
import { bypassesOf } from './around-waypoint.js';
import { unauthenticatedAt, uncheckedAt } from './if-attached.js';
import { waypointPathsTo } from './waypoint-paths.js';

/** A policy for pods that are not in the mesh: there is no proxy to enforce it (§2.1). */
export function policiesOutsideMesh(context: LintContext): readonly Diagnostic[] {
  const clusters = [...context.mesh.clusters.values()];
  const unenforced = [
    ...context.policies.flatMap((subject) => unenforcedBy(context, subject) ?? []),
    ...clusters.flatMap((at) =>
      [...at.peerAuthentication.values()].flat().flatMap((policy) => openTo(context, at, policy) ?? []),
    ),
    ...clusters.flatMap((at) =>
      [...at.requestAuthentication.values()].flat().flatMap((policy) => uncheckedBy(context, at, policy) ?? []),
    ),
  ];
  const guessed = groupBy(
    unenforced.filter((found) => !hasNamespace(found)),
    ({ workload }) => workload.namespace,
  );
  return [
    ...unenforced.filter(hasNamespace).map((found) => finding(found, {})),
    ...[...guessed].flatMap(([namespace, [first, ...others]]) => {
      if (first === undefined) return [];
      const help = `add the manifest of Namespace \`${namespace}\`: its labels decide`;
      const names = others.map(({ policy }) => `\`${nameOf(policy)}\``);
      const notes = names.length === 0 ? [] : [{ message: `the same holds of ${names.join(', ')}` }];
      return finding(first, { help, notes });
    }),
  ];
}

interface Unenforced {
  readonly at: MeshCluster;
  readonly policy: Policy;
  readonly workload: Workload;
  readonly evidence: Evidence;
}

/** Without its labels a namespace is taken to be outside: that is one cause, however many policies it has. */
function hasNamespace({ at, workload }: Unenforced): boolean {
  return at.cluster.namespaces.get(workload.namespace)?.object !== undefined;
}

function unenforcedBy(context: LintContext, subject: PolicyInMesh): Unenforced | undefined {
  const { at, policy } = subject;
  if (policy.namespace === at.rootNamespace) return undefined;
  const unguarded = context.sitesUnder(at, policy.namespace).filter((site) => isUnmeshed(site) && isFor(policy, site));
  return firstOf(unguarded, (site) => {
    const together = policy.action === 'ALLOW' ? allowPoliciesFor(site) : [subject.forms];
    const [bypass] = bypassesOf(context, policy, together, waypointPathsTo([site]));
    return bypass && { at, policy, workload: site.workload, evidence: bypass.evidence };
  });
}

/** STRICT, where none of the pods that it is for is in the mesh: some that are outside may be so by intent. */
function openTo(context: LintContext, at: MeshCluster, policy: PeerAuthentication): Unenforced | undefined {
  if (policy.namespace === at.rootNamespace) return undefined;
  const sites = context.sitesUnder(at, policy.namespace).filter((site) => governs(policy, site));
  if (!sites.every(isUnmeshed)) return undefined;
  return firstOf(sites, (site) => {
    const evidence = setsMode(policy, 'STRICT', site) ? unauthenticatedAt(context, site) : undefined;
    return evidence && { at, policy, workload: site.workload, evidence };
  });
}

function governs(policy: PeerAuthentication, site: PodSite): boolean {
  return Object.values(scopesAt(site)).includes(policy);
}

function uncheckedBy(context: LintContext, at: MeshCluster, policy: RequestAuthentication): Unenforced | undefined {
  if (policy.namespace === at.rootNamespace) return undefined;
  const sites = context.sitesUnder(at, policy.namespace).filter((site) => isFor(policy, site));
  if (!sites.every(isUnmeshed)) return undefined;
  return firstOf(sites, (site) => {
    const evidence = uncheckedAt(context, policy, [site]);
    return evidence && { at, policy, workload: site.workload, evidence };
  });
}

function finding({ policy, workload, evidence }: Unenforced, { help, notes = [] }: Details): Diagnostic {
  const parameters = { policy: nameOf(policy), workload: keyOf(workload) };
  const law = `nothing stands at a pod outside the mesh: ${workload.mode.because} (${workload.mode.fact})`;
  const proof = proofOf(evidence, law);
  return diagnostic('policy-outside-mesh', parameters, placeOf(policy.object), {
    ...proof,
    notes: [...(proof.notes ?? []), ...notes],
    ...(help !== undefined && { help }),
  });
}

function placeOf(object: ManifestObject): Span {
  return spanIn(
    object,
    asObject(object.value.spec)?.selector === undefined ? ['metadata', 'name'] : ['spec', 'selector'],
  );
}

function isUnmeshed({ workload }: PodSite): boolean {
  return workload.mode.plane === 'none';
}

function isFor(policy: AuthorizationPolicy | RequestAuthentication, { at, workload }: PodSite): boolean {
  return policy.scope.kind !== 'targets' && attaches(policy, { kind: 'sidecar', workload }, at);
}

function allowPoliciesFor({ at, workload }: PodSite): readonly PolicyForms[] {
  return authorizationAt({ kind: 'sidecar', workload }, at).filter(
    ({ dryRun, http }) => !dryRun && http.action === 'ALLOW',
  );
}
