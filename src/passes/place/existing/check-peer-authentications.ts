import { peerModes } from '../../../dataplanes/peer-modes.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { MtlsMode } from '../../../parse/ast.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Setting } from '../../../resolve/resolved.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import { alreadyReported, labelsAt } from '../../../topology/fields.js';
import { type Cluster, keyOf, type Labels, selects } from '../../../topology/model.js';
import { nearestModes } from '../at-pods/pod-mtls.js';
import type { PlaceContext } from '../context.js';

/** Two PeerAuthentications for one scope compete: Istio keeps the oldest, which nobody can see in Git. */
export function checkCompetitor(
  context: PlaceContext,
  cluster: Cluster,
  namespace: string,
  setting: Setting<MtlsMode>,
): void {
  const competitor = foreign(cluster).find(
    (object) => homeOf(object) === namespace && selectorOf(object) === undefined,
  );
  if (competitor) reportOverlap(context, competitor, scopeLabel(setting.scope), setting);
}

/** The same for one destination, whose mode is written with a selector. */
export function checkRival(context: PlaceContext, policy: DestinationPolicy): void {
  const { destination, mtls } = policy;
  const rival = foreign(context.clusterOf(policy)).find((object) => {
    const labels = selectorOf(object);
    return (
      labels &&
      homeOf(object) === destination.namespace &&
      destination.workloads.some((each) => selects(labels, each.labels))
    );
  });
  if (rival && mtls) reportOverlap(context, rival, destinationLabel(destination), mtls);
}

/** The same among Ambit's own: two Services of the same pods, each with another mode, and nothing nearer that decides. */
export function checkSharedPods(context: PlaceContext): void {
  for (const owners of context.ownMtls.values()) {
    const [first, ...others] = nearestModes(owners);
    for (const other of others) if (first && other.value !== first.value) reportTwin(context, first, other);
  }
}

function reportTwin(context: PlaceContext, first: Setting<MtlsMode>, other: Setting<MtlsMode>): void {
  const parameters = { scope: scopeLabel(other.scope), other: `the one for ${scopeLabel(first.scope)}` };
  const details = {
    notes: [{ message: 'the other mode for some of the same pods', span: first.origin.span }],
    help: 'give both the same mode, or settings to the workload itself',
  };
  context.report(diagnostic('peer-authentication-overlap', parameters, other.origin.span, details));
}

function reportOverlap(context: PlaceContext, object: ManifestObject, scope: string, setting: Setting<MtlsMode>): void {
  const notes = [{ message: 'the mode that Ambit would write', span: setting.origin.span }];
  const parameters = { scope, other: `\`${keyOf({ namespace: homeOf(object), name: object.name })}\`` };
  context.report(diagnostic('peer-authentication-overlap', parameters, nameOf(object), { notes }));
}

/** The nearest PeerAuthentication decides, so one for fewer pods takes them out of what the settings say (istio-security §5.1). */
export function checkNarrower(context: PlaceContext, cluster: Cluster, setting: Setting<MtlsMode>): void {
  for (const object of foreign(cluster)) {
    if (!isNarrower(context, object, setting) || agrees(object, setting.value)) continue;
    const notes = [{ message: 'the mode that it overrides', span: setting.origin.span }];
    const witness =
      setting.value === 'Strict' ? 'a client outside the mesh connects to those pods in plaintext' : undefined;
    const parameters = {
      policy: keyOf({ namespace: homeOf(object), name: object.name }),
      scope: scopeLabel(setting.scope),
    };
    const details = witness === undefined ? { notes } : { notes, witness };
    context.report(diagnostic('peer-authentication-narrower', parameters, nameOf(object), details));
  }
}

/** A selector in the root namespace is ignored; a namespace with a mode of its own is judged by that one. */
function isNarrower({ ir }: PlaceContext, object: ManifestObject, { scope }: Setting<MtlsMode>): boolean {
  const home = homeOf(object);
  const hasSelector = selectorOf(object) !== undefined;
  if (scope.kind === 'namespace') return hasSelector && home === scope.namespace;
  const hasOwnMode = ir.mtls.some((each) => each.scope.kind === 'namespace' && each.scope.namespace === home);
  return home !== ir.topology.mesh.rootNamespace && !hasOwnMode;
}

/** Whether it says nothing else than the settings: the same mode or none, and no exceptions by port. */
function agrees({ value }: ManifestObject, mode: MtlsMode): boolean {
  const { mtls, portLevelMtls } = Object(value.spec);
  const written: unknown = Object(mtls).mode ?? 'UNSET';
  return (portLevelMtls ?? undefined) === undefined && (written === 'UNSET' || written === peerModes[mode]);
}

function foreign({ policies }: Cluster): ManifestObject[] {
  return policies.filter((object) => object.kind === 'PeerAuthentication' && !isManaged(object));
}

/** A selector without labels selects everything, as if it were not there. */
function selectorOf(object: ManifestObject): Labels | undefined {
  const labels = labelsAt(object, ['spec', 'selector', 'matchLabels'], alreadyReported);
  return Object.keys(labels).length === 0 ? undefined : labels;
}

function homeOf({ namespace }: ManifestObject): string {
  return namespace ?? 'default';
}

function nameOf(object: ManifestObject): ReturnType<typeof spanIn> {
  return spanIn(object, ['metadata', 'name']);
}
