import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Fix, Span } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { PeerAuthentication, RequestAuthentication, Scope } from '../../mesh/policies/policy.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { type Labels, selects } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { type LintContext, nameOf } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { type MeantSite, type Miss, missedNamespace, missedPods, missedTarget } from '../misses.js';
import { uncheckedAt, undecidedAt, unencryptedAt } from './if-attached.js';
import { selectedWaypoint } from './selectors-of-waypoints.js';
import { targetsPath } from './targets.js';

/** A policy whose namespace, selector or target holds nothing that is given: it protects nothing (§3.1). */
export function policiesForNothing(context: LintContext): readonly Diagnostic[] {
  const authorization = context.policies.flatMap((subject) =>
    unattached(context, subject.policy, subject.at, (sites) => undecidedAt(context, subject, sites)),
  );
  const others = [...context.mesh.clusters.values()].flatMap((at) => [
    ...[...at.requestAuthentication.values()]
      .flat()
      .flatMap((policy) => unattached(context, policy, at, (sites) => uncheckedAt(context, policy, sites))),
    ...[...at.peerAuthentication.values()].flat().flatMap((policy) => unattachedPeer(context, policy, at)),
  ]);
  const found = [...authorization, ...others];
  const blind = groupBy(
    found.filter(({ miss }) => miss.isBlind),
    ({ at, policy }) => `${at.cluster.name}/${policy.namespace}`,
  );
  return [
    ...found.filter(({ miss }) => !miss.isBlind).map((item) => finding(item, [])),
    ...[...blind.values()].flatMap(([first, ...rest]) => (first === undefined ? [] : finding(first, rest))),
  ];
}

/** A policy that attaches to nothing, and why. */
interface Unattached {
  readonly at: MeshCluster;
  readonly policy: Attachable;
  readonly miss: Miss;
  readonly span: Span;
  readonly show: Show;
}

interface Attachable extends Pick<RequestAuthentication, 'namespace' | 'name' | 'object'> {
  readonly kind: string;
}

/** A request to one of the pods that the policy may be meant for, which it would decide otherwise. */
type Show = (sites: readonly MeantSite[]) => Evidence | undefined;

function unattached(
  context: LintContext,
  policy: Attachable & { readonly scope: Scope },
  at: MeshCluster,
  show: Show,
): readonly Unattached[] {
  const { scope, object, namespace } = policy;
  if (scope.kind === 'namespace') return unpopulated(context, policy, at, show);
  if (scope.kind === 'selector') return unselective(context, policy, scope.matchLabels ?? {}, at, show);
  const path = targetsPath(object);
  return scope.targets.flatMap((target, index) => {
    const miss = missedTarget(context, target, namespace, at);
    const place = path.at(-1) === 'targetRef' ? path : [...path, index];
    return miss === undefined ? [] : [{ at, policy, miss, span: spanIn(object, [...place, 'name']), show }];
  });
}

function unattachedPeer(context: LintContext, policy: PeerAuthentication, at: MeshCluster): readonly Unattached[] {
  const { matchLabels, namespace, object } = policy;
  const show: Show = (sites) => unencryptedAt(context, policy, sites);
  if (matchLabels === undefined) return unpopulated(context, policy, at, show);
  if (namespace !== at.rootNamespace || Object.keys(matchLabels).length === 0) {
    return unselective(context, policy, matchLabels, at, show);
  }
  const miss: Miss = {
    why: 'in the root namespace a PeerAuthentication with a selector is ignored (istio-security §5.1)',
    help: 'move it to the namespace of the pods',
    isBlind: false,
    sites: context.sites.filter(({ at: own, workload }) => own === at && selects(matchLabels, workload.labels)),
  };
  return [{ at, policy, miss, span: selectorSpan(object), show }];
}

/** A policy for all pods of a namespace that has none. */
function unpopulated(context: LintContext, policy: Attachable, at: MeshCluster, show: Show): readonly Unattached[] {
  const miss = missedNamespace(context, policy.namespace, at);
  const span = spanIn(policy.object, ['metadata', 'namespace']);
  return miss === undefined ? [] : [{ at, policy, miss, span, show }];
}

/** A waypoint that is selected has a finding of its own. */
function unselective(
  context: LintContext,
  policy: Attachable,
  matchLabels: Labels,
  at: MeshCluster,
  show: Show,
): readonly Unattached[] {
  const { namespace, object } = policy;
  if (selectedWaypoint({ namespace, scope: { kind: 'selector', matchLabels } }, at)) return [];
  const miss = missedPods(context, matchLabels, namespace, at);
  return miss === undefined ? [] : [{ at, policy, miss, span: selectorSpan(object), show }];
}

function selectorSpan(object: ManifestObject): Span {
  return spanIn(object, ['spec', 'selector', 'matchLabels']);
}

/** Where nothing is given that it could be for, one policy of a namespace speaks for all. */
function finding({ policy, miss, span, show }: Unattached, alike: readonly Unattached[]): Diagnostic {
  const { why, help, sites } = miss;
  const law = 'a policy that attaches to nothing protects nothing (istio-security §2.7, §3.1)';
  const parameters = { kind: policy.kind, policy: nameOf(policy), why };
  const evidence = show(sites);
  const shown = evidence === undefined ? reasonOf(sites) : 'for these pods it would decide this request otherwise';
  const names = [...new Set(alike.map((other) => `\`${nameOf(other.policy)}\``))];
  const others = names.length === 0 ? [] : [`the same holds of ${names.join(', ')}`];
  const proof = proofOf(evidence, law, shown, ...others);
  const fix = fixOf(policy.object, miss);
  return diagnostic('policy-for-nothing', parameters, span, {
    ...proof,
    ...(help !== undefined && { help }),
    ...(fix !== undefined && { fix }),
  });
}

function fixOf(object: ManifestObject, { label }: Miss): Fix | undefined {
  if (label === undefined) return undefined;
  const [key, value] = label;
  const path = ['spec', 'selector', 'matchLabels', key];
  return { span: spanIn(object, path), replacement: JSON.stringify(value), isSafe: false };
}

function reasonOf(sites: readonly MeantSite[]): string {
  return sites.length === 0
    ? 'no request shows it: the manifests have no pod that it could be meant for'
    : 'no request shows it: every pod that it could be meant for decides alike without it';
}
